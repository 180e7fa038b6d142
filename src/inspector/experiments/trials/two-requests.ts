/** Persistence and concurrency: two requests, one after the other on one connection, and at once on two. */
import { statusOf } from '../client/answer.ts';
import { type Experiment, milliseconds, requestHead, says } from '../experiment.ts';
import { closingOf, framingOf, lackOf } from './persistence.ts';

const GROUP = 'Connections';

export const oneConnection: Experiment = {
  ...{ name: 'one-connection', group: GROUP, title: 'Two requests on one connection' },
  summary: 'One after the other: persistence.',
  async run(bench) {
    const client = await bench.openHttp1();
    const { link } = client;
    const startedAt = bench.now();
    client.send(requestHead(bench));
    const first = await client.answer();
    const lack = lackOf(first);
    if (lack !== undefined) return [lack];
    const framing = framingOf(first);
    if (!first.persists) {
      await link.serverCloses();
      return [
        closingOf(first),
        framing,
        says('The second request would need a connection of its own, so it was not sent.', 'RFC 9112 §9.3'),
      ];
    }
    const secondAt = bench.now();
    client.send(requestHead(bench));
    const second = await client.answer();
    if (second.head === undefined)
      return [
        framing,
        says(
          'The server closed the connection before the second request could be answered.',
          'RFC 9112 §9.3.1',
        ),
      ];
    const handshakes = bench.isSecure ? 'new handshakes of TCP and TLS' : 'a new handshake';
    return [
      says(
        'The connection stayed open after the first response: HTTP/1.1 connections persist by default.',
        'RFC 9112 §9.3',
      ),
      framing,
      says(
        `Connecting took ${milliseconds(link.readyAt - link.openedAt)}. The first response took ${milliseconds(first.endAt - startedAt)}, the second ${milliseconds(second.endAt - secondAt)} without ${handshakes}.`,
      ),
      second.persists
        ? says(
            'The server would take a third request. The client closed the connection, as either side may.',
            'RFC 9112 §9.6',
          )
        : closingOf(second),
    ];
  },
};

export const twoConnections: Experiment = {
  ...{ name: 'two-connections', group: GROUP, title: 'The same on two connections' },
  summary: 'Both at once: concurrency.',
  async run(bench) {
    const clients = await Promise.all([bench.openHttp1(), bench.openHttp1()]);
    for (const client of clients) client.send(requestHead(bench, ['Connection: close']));
    const answers = await Promise.all(clients.map((client) => client.answer()));
    const lack = answers.map(lackOf).find((sentence) => sentence !== undefined);
    if (lack !== undefined) return [lack];
    const closes = await Promise.all(clients.map(({ link }) => link.serverCloses()));
    const [one, other] = answers as [(typeof answers)[number], (typeof answers)[number]];
    const cost = bench.isSecure ? 'a TCP and a TLS handshake' : 'a handshake';
    return [
      says(
        'Both requests left before either was answered. Neither had to wait for the other.',
        'RFC 9112 §9.4',
      ),
      says(
        `They were answered ${statusOf(one)} and ${statusOf(other)}, ${milliseconds(Math.abs(one.endAt - other.endAt))} apart. One process did both, because it never waits for a socket.`,
      ),
      says(
        `Each connection cost ${cost}, and memory on both sides. So clients open few of them.`,
        'RFC 9112 §9.4',
      ),
      closes.every(Boolean)
        ? says(
            'Each request said Connection: close, so the server closed each connection after its response.',
            'RFC 9112 §9.6',
          )
        : says(
            'Each request said Connection: close, and yet a connection stayed open. The client closed it.',
            'RFC 9112 §9.6',
          ),
    ];
  },
};
