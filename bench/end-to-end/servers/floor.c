/*
 * The floor of the machine: an epoll server with a fixed response.
 *
 *     cc -O2 -o floor floor.c && ./floor <port>
 *
 * It counts the heads that arrive by their empty lines, wherever the stream is cut, and answers a batch of pipelined
 * requests with one write. It reads nothing else of a request, and supports no content.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_OCTETS 65536
#define EVENTS 1024
#define BATCH 64

static const char ANSWER[] =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/plain;charset=UTF-8\r\n"
    "Content-Length: 13\r\n"
    "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
    "\r\n"
    "Hello, world!";
#define ANSWER_OCTETS (sizeof ANSWER - 1)

struct connection {
  int socket;
  /* The number of octets of CR LF CR LF that were seen last. */
  int seen;
  /* Octets of responses that must still be written. */
  size_t owed;
};

static char batch[BATCH * ANSWER_OCTETS];
static char input[READ_OCTETS];
static int poller;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void drop(struct connection *c) {
  close(c->socket);
  free(c);
}

static void watch(struct connection *c, unsigned events) {
  struct epoll_event event = {.events = events, .data.ptr = c};
  if (epoll_ctl(poller, EPOLL_CTL_MOD, c->socket, &event) == -1) fail("epoll_ctl");
}

/* Heads that end within these octets. */
static size_t count_heads(struct connection *c, const char *octets, size_t length) {
  static const char END[4] = {'\r', '\n', '\r', '\n'};
  size_t heads = 0;
  size_t at = 0;
  while (at < length) {
    if (c->seen == 0) {
      const char *cr = memchr(octets + at, '\r', length - at);
      if (cr == NULL) break;
      at = (size_t)(cr - octets);
    }
    if (octets[at] == END[c->seen]) c->seen++;
    else c->seen = octets[at] == '\r';
    at++;
    if (c->seen == 4) {
      heads++;
      c->seen = 0;
    }
  }
  return heads;
}

/* Writes the owed responses. Returns 0 when the connection has ended. */
static int answer(struct connection *c) {
  while (c->owed > 0) {
    /* A partly written response continues where it stopped: the owed octets end at the end of a response. */
    size_t start = (ANSWER_OCTETS - c->owed % ANSWER_OCTETS) % ANSWER_OCTETS;
    size_t room = sizeof batch - start;
    ssize_t written = send(c->socket, batch + start, c->owed < room ? c->owed : room, MSG_NOSIGNAL);
    if (written == -1) {
      if (errno == EAGAIN) {
        watch(c, EPOLLOUT);
        return 1;
      }
      drop(c);
      return 0;
    }
    c->owed -= (size_t)written;
  }
  return 1;
}

static void on_readable(struct connection *c) {
  ssize_t length = recv(c->socket, input, sizeof input, 0);
  if (length == -1 && errno == EAGAIN) return;
  if (length <= 0) {
    drop(c);
    return;
  }
  c->owed += count_heads(c, input, (size_t)length) * ANSWER_OCTETS;
  answer(c);
}

static void on_writable(struct connection *c) {
  if (answer(c) && c->owed == 0) watch(c, EPOLLIN);
}

static void accept_all(int listener) {
  for (;;) {
    int socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (socket == -1) return;
    struct connection *c = calloc(1, sizeof *c);
    if (c == NULL) fail("calloc");
    c->socket = socket;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event) == -1) fail("epoll_ctl");
  }
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: floor <port>\n");
    return 2;
  }
  for (size_t i = 0; i < BATCH; i++) memcpy(batch + i * ANSWER_OCTETS, ANSWER, ANSWER_OCTETS);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {
      .sin_family = AF_INET,
      .sin_port = htons((unsigned short)atoi(argv[1])),
      .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
  };
  if (bind(listener, (struct sockaddr *)&address, sizeof address) == -1) fail("bind");
  if (listen(listener, 4096) == -1) fail("listen");
  poller = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event) == -1) fail("epoll_ctl");
  for (;;) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(poller, events, EVENTS, -1);
    for (int i = 0; i < count; i++) {
      struct connection *c = events[i].data.ptr;
      if (c == NULL) accept_all(listener);
      else if (events[i].events & EPOLLOUT) on_writable(c);
      else on_readable(c);
    }
  }
}
