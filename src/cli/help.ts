/** Help that teaches by example. Each page fits a terminal of 80 columns and 24 lines. */

export const HELP = `\
serval serves a folder over HTTP.

  serval                        this folder, at http://127.0.0.1:4221
  serval dist -p 8080 --open    another folder and port, opened in the browser
  serval dist --spa             a single-page app: its routes get index.html
  serval dist --host 0.0.0.0    for the whole network, not this machine alone
  serval share --listing --upload --auth "$(serval hash ann)"
                                look into folders, add files, with a password
  serval demo                   see HTTP happen: a page that shows your request

Options
  -p, --port <number>           0 takes any free one    --host <address>
  -s, --spa[=file]              --clean-urls    --listing    --dotfiles
      --cache <seconds>         --no-compress   --follow-links
      --cors                    --auth <name:hash>    --allow-host <name>
      --upload                  --overwrite     --max-size <size>
  -c, --config <file>           headers, redirects and more (./serval.json)
      --workers <number|auto>   --threads <number|auto>
  -o, --open    --log, --no-log    -h, --help    -v, --version

serval help <topic>: site, cache, share, upload, config, workers, operate,
proxy, tls, trust, demo, get, hash.
Ctrl-C lets running requests finish; a second Ctrl-C stops at once.
`;

const PAGES = {
  site: `\
What is served, and for which paths

      --spa, -s           navigations to what is no file get index.html; a
                          missing image or script stays 404
      --spa=app.html      the same with another page
      --clean-urls        /about is about.html, and /about.html leads to /about
      --listing           folders without index.html show what is in them, as a
                          page, or as JSON to who asks for application/json
      --dotfiles          serve .env, .git and the like too
      --follow-links      symbolic links may lead out of the folder

  serval dist --spa --clean-urls
  serval photos --listing
  curl -H 'Accept: application/json' http://127.0.0.1:4221/

404.html in the folder is sent, with 404, for pages that are not there.
A folder that is really called demo, get, hash or help: serval ./demo
`,
  cache: `\
What browsers keep, and what goes over the wire

Without options browsers keep files and ask each time whether they are still
good; files with a hash in their names (app-3f9a2c1d.js) they keep for a year.

      --cache 3600        they don't ask again for an hour
      --cache immutable   they keep everything for a year
      --cache no-cache    they ask each time, for hashed names too
      --cache no-store    they keep nothing
      --no-compress       text goes as it is, not as br, zstd or gzip

  serval dist --cache 600
  curl -I -H 'Accept-Encoding: br' http://127.0.0.1:4221/app.js

app.js.br, app.js.zst and app.js.gz beside app.js are sent instead of it, to
those who take them. Rules for single paths: "serval help config".
`,
  share: `\
Who may come in, and from where

      --host 0.0.0.0      the whole network; without it, this machine alone
      --auth <name:hash>  ask for a name and a password; give it once for each
      --cors              scripts of other sites may read what is served
      --allow-host <name> answer to this name, too: that of a tunnel or a proxy.
                          Without --host no name but localhost is known, lest a
                          site has your browser read what is here

  serval hash ann         asks for ann's password and prints what --auth takes
  serval dist --auth "$(serval hash ann)"
  echo "$PASSWORD" | serval hash ann >> users.txt

A password itself never stands on the command line, where every program on the
machine can read it. Over the network it is only as safe as the line: put
something that speaks TLS in front.
`,
  upload: `\
Taking files

      --upload            PUT stores a file; with --listing there is a form
      --overwrite         an upload may replace what is there (else 409 or 412)
      --max-size <size>   the largest file, as in 500MB or 2GiB (1GiB)

  serval inbox --upload --listing --auth "$(serval hash ann)"
  curl -u ann -T photo.jpg http://127.0.0.1:4221/photo.jpg
  curl -u ann -F file=@photo.jpg http://127.0.0.1:4221/

A file is written beside its place and moved there when it is whole. Whatever
happens, there is the old file or the new one, never a part.
`,
  config: `\
serval.json in the current folder, or the file that --config names

  {
    "$schema": "./node_modules/serval/schema/serval.schema.json",
    "root": "dist",
    "spa": true,
    "headers": [
      { "source": "/assets/**",
        "headers": { "Cache-Control": "max-age=31536000, immutable" } }
    ],
    "redirects": [
      { "source": "/blog/:post", "destination": "/posts/:post", "status": 301 }
    ]
  }

In a source, * is part of a name, ** any number of folders, :name one name and
{a,b} one of several. Every option about what is served has its name here too:
cleanUrls, listing, cors, auth, upload, … The schema has all.
An option on the command line counts more. The file itself is never served.
`,
  workers: `\
Many processes on one address

      --workers 4         four processes answer; one that dies or hangs is
                          replaced, and only what it had begun is lost
      --workers auto      as many as this machine can run at once
      --threads 2         each process has two threads: less memory than two
                          processes, but they end together when one fails

  serval dist --workers auto
  kill -HUP <pid>         new workers, with serval.json as it is now; when they
                          listen, the old ones finish what they have begun.
                          If it is wrong, the old ones go on
  kill -TERM <pid>        finishes what has begun, and ends; twice: at once

<pid> is that of the first process, which systemd and Kubernetes know.
Without --workers or --threads SIGHUP ends serval, as it does any program. To
reload alone, use --workers 1. Each worker has a memory of its own.
`,
  operate: `\
Running it where others rely on it

      --health            answer /livez, /readyz and /healthz, not with files:
                          200 "ok" or 503, and numbers as JSON from /healthz
      --drain-delay <time>
                          after SIGTERM go on as before for so long, while
                          /readyz says 503 already: 5, 5s or 500ms (0)
      --max-connections <number>
                          more than that wait in line, and beyond the line get
                          503; of --workers each has so many

  serval dist --host 0.0.0.0 --health --drain-delay 5
  curl http://127.0.0.1:4221/healthz

SIGTERM: after the delay no more connections are accepted; what is under way is
finished, and a kept connection answered once more, for 5 seconds. Then all is
closed, and the exit code is 0. SIGINT (Ctrl-C) is the same with no delay and
half a second. A second signal ends it at once. The program must have that time:
TimeoutStopSec of systemd, terminationGracePeriodSeconds of Kubernetes.
`,
  proxy: `\
Behind a proxy or a balancer, and under systemd

      --trust <address>   believe this proxy about the client; once for each. It
                          takes 10.0.0.0/8 too, and unix for a unix socket
      --proxy-protocol    in PROXY headers, version 1 or 2, of each connection
      --forwarded         in the field Forwarded
      --x-forwarded       in X-Forwarded-For, -Proto and -Host
      --unix <path>       listen on a unix socket and not on a port
      --unix-mode <mode>  who may connect to it, as in 660

  serval dist --unix /run/web.sock --unix-mode 660 --trust unix --x-forwarded
  serval dist --host 10.0.0.5 --trust 10.0.0.2 --proxy-protocol

Nobody else is believed, whatever they send. Name the kind that your proxy sets;
what it does not set, clients can send. On this machine alone, --allow-host has
to name the site: "serval help share".

Started by systemd with sockets (LISTEN_FDS), serval listens on those and not on
--port; it says when it is ready, reloads and stops (NotifyAccess=all).
`,
  demo: `\
serval demo shows HTTP happening. Start it, then open http://127.0.0.1:4221

  GET  /               your own request, octet by octet
  GET  /echo/hello     answers "hello"
  GET  /user-agent     answers with your User-Agent field
  GET  /files/a.txt    a file; PUT or POST stores one, up to 16 MiB

Try
  curl -i http://127.0.0.1:4221/echo/hello
  curl -T photo.jpg http://127.0.0.1:4221/files/photo.jpg

Options
      --directory <path>  where files are kept (a fresh temporary folder)
  and --port, --host, --open, --log, --no-log, --workers, --threads, as
  "serval --help" has them, and those of "serval help operate" and "proxy"
`,
  get: `\
serval get <url> … sends requests and shows what goes over the wire

  serval get :4221/ -v                every line of both heads with its purpose,
                                      and the time of each step
  serval get example.org/a -o a       the content goes to a file
  serval get :4221/notes/ -T n.txt    PUT a file; -d text is a POST

  -v, --verbose    -i, --include the heads    -I, --head    -s, --silent
  -X, --request <method>  -H, --header <line>  -u, --user <name[:password]>
  -d, --data, --data-binary <text|@file>       -T, --upload-file <file|->
  -o, --output <file|->   -L, --location follows redirects   -f, --fail from 400
      --compressed        --max-ratio <number> of decoded bytes (200; 0 for any)
  -m, --max-time, --connect-timeout <seconds>  -4, --ipv4    -6, --ipv6
      --cacert <file>     -E, --cert <file>  --key <file>    -k, --insecure
      --unix-socket <path>

The content goes to standard output, escaped on a terminal unless -o - is given.
All other output goes to standard error. Options and exit codes are curl's: 3 no
URL, 6 host not found, 7 no connection, 8 not HTTP, 18 incomplete, 22 with -f,
28 too slow, 35 TLS failed, 52 no response, 60 certificate not verified.
`,
  tls: `\
HTTPS, with HTTP/2

      --tls               a certificate for development: for localhost and the
                          names and addresses of this machine. An authority of
                          your own signs it; "serval trust" says how to trust it
      --cert <file>       a certificate with its chain, and its private key, as
      --key <file>        PEM. Files that change are read again by themselves
      --acme <name>       a certificate from Let's Encrypt for this host name;
                          give it once for each. It is renewed by itself. Using
                          it means to agree to Let's Encrypt's terms
      --acme-email <address>      where Let's Encrypt may write
      --acme-directory <url>      another authority, or letsencrypt-staging
      --redirect-http <port>      plain HTTP there leads to HTTPS

  serval dist --tls
  serval dist --host 0.0.0.0 -p 443 --cert cert.pem --key key.pem
  serval dist --host 0.0.0.0 -p 443 --redirect-http 80 --acme example.com
`,
  trust: `\
Trust in the certificates of --tls

  serval trust            says how this machine trusts them, and how to undo it

The authority that signs them is made once, for you alone, and its key never
leaves your configuration folder. Before you trust it, compare its fingerprint
with the one that "serval --tls" shows.
`,
  hash: `\
serval hash [name] asks for a password and prints its hash, for --auth and for
"auth" in serval.json. Nothing is shown while you type.

  serval hash                   the hash alone
  serval hash ann               ann:hash
  echo "$PASSWORD" | serval hash ann
`,
} as const;

export type Topic = keyof typeof PAGES;

export const TOPICS = Object.keys(PAGES) as readonly Topic[];

export function isTopic(text: string): text is Topic {
  return Object.hasOwn(PAGES, text);
}

/** @param topic `undefined` for the first page. */
export function helpPage(topic: Topic | undefined): string {
  return topic === undefined ? HELP : PAGES[topic];
}
