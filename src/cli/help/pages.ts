/** The help pages, with examples. Each fits a terminal of 80 columns and 24 lines; options come from the table of options. */
import { optionRows } from './option-rows.ts';
import type { Topic } from './topics.ts';

const HELP = `\
serval serves a folder over HTTP.

  serval                        this folder, at http://127.0.0.1:4221
  serval dist -p 8080 --open    another folder and port; opens a browser
  serval dist --spa             a single-page app: its routes get index.html
  serval dist --host 0.0.0.0    for the whole network, not only this machine
  serval share --listing --upload --auth "$(serval hash ann)"
                                lists files, takes uploads, asks for a password
  serval demo                   a page that shows what your browser sends

${optionRows('start')}

serval help <topic> describes the other options:
  site, cache, share, upload, config      what is served, and to whom
  workers, operate, limits, proxy, tls    in production
  demo, get, hash, trust, completion      the other commands
--no-<option> turns an option off again. Ctrl-C stops serval.
`;

const PAGES: Readonly<Record<Topic, string>> = {
  site: `\
What is served, and for which paths

${optionRows('site')}

  serval dist --spa --clean-urls
  serval photos --listing
  curl -H 'Accept: application/json' http://127.0.0.1:4221/

If the folder contains 404.html, it is sent with 404 for missing pages.
For a folder with the name of a command, such as demo, write ./demo.
`,
  cache: `\
What browsers keep, and how text is sent

By default browsers keep files and ask each time whether they have changed.
Files in build folders with hashed names are kept for a year.

${optionRows('cache')}

  serval dist --cache 600
  curl -I -H 'Accept-Encoding: br' http://127.0.0.1:4221/app.js

If app.js.br, app.js.zst or app.js.gz exists next to app.js, it is sent instead,
to clients that accept it. For rules by path: "serval help config".
`,
  share: `\
Who has access, and from where

${optionRows('share')}

  serval hash ann           asks for ann's password; prints the value of --auth
  serval dist --host 0.0.0.0 --auth "$(serval hash ann)"
  echo "$PASSWORD" | serval hash ann >> users.txt

Never write a password itself on the command line: other programs can read it
there. On a network, passwords are only safe over TLS.
`,
  upload: `\
Uploads

${optionRows('upload')}

  serval inbox --upload --listing --auth "$(serval hash ann)"
  curl -u ann -T photo.jpg http://127.0.0.1:4221/photo.jpg
  curl -u ann -F file=@photo.jpg http://127.0.0.1:4221/

A file is written under a temporary name and renamed when it is complete. So
there is always the old file or the new one, even after a crash.
`,
  config: `\
serval.json in the current folder

${optionRows('config')}

  {
    "$schema": "./node_modules/serval/schema/serval.schema.json",
    "root": "dist",
    "headers": [{ "source": "/**", "headers": { "X-Frame-Options": "DENY" } }],
    "redirects": [{ "source": "/blog/:slug", "destination": "/posts/:slug" }],
    "timeouts": { "idle": "620s" }
  }

In a source, * is part of a name, ** any number of folders, :name one name and
{a,b} one of several. Header rules also match the file that is served, so
/**/*.html includes /. The options about what is served are members too:
cleanUrls, listing, cors, auth, upload, …; the schema lists them all. An option
on the command line takes precedence. The file itself is never served.
`,
  workers: `\
Several processes on one address

${optionRows('workers')}

  serval dist --workers auto
  kill -HUP <pid>           start new workers, with the current serval.json; the
                            old ones finish their requests. If the file has
                            errors, the old ones continue
  kill -TERM <pid>          finish the requests in progress, and end

A worker that ends or hangs is replaced. <pid> is the first process, the one
that systemd and Kubernetes know. To reload with a single process, use
--workers 1: without --workers, SIGHUP ends serval, or reloads the files of
--cert. Workers share no memory.
`,
  operate: `\
In production

${optionRows('operate')}

  serval dist --host 0.0.0.0 --health-port 9090 --drain-delay 5
  curl http://127.0.0.1:9090/healthz
  serval dist --metrics-port 127.0.0.1:9090

After SIGTERM and the delay, serval accepts no more connections and finishes
the requests in progress. A kept connection gets one more response within 5
seconds; a client that takes no data for 5 seconds is disconnected, any other
within 30 more. The exit code is 0. Ctrl-C does the same without the delay, with
half a second. A second signal ends serval at once.
`,
  limits: `\
How long serval waits, and how much it accepts

${optionRows('limits')}

  serval dist --idle-timeout 620s --max-header-size 32K

serval.json has "timeouts" and "limits". Times: 65s, 500ms, 10m, 0 for no limit.
`,
  proxy: `\
Behind a proxy or load balancer, and under systemd

${optionRows('proxy')}

  serval dist --unix /run/web.sock --unix-mode 660 --trust unix --x-forwarded
  serval dist --host 10.0.0.5 --trust 10.0.0.2 --proxy-protocol

No other address is trusted. Choose the header that your proxy sets: clients
can send the ones that it does not set. On this machine alone, --allow-host must
name the site: "serval help share".

With sockets from systemd (LISTEN_FDS), serval listens on those instead of
--port. It notifies systemd of start, reload and stop (NotifyAccess=all).
`,
  tls: `\
HTTPS, with HTTP/2

${optionRows('tls')}

  serval dist --tls
  serval dist --host 0.0.0.0 -p 443 --cert cert.pem --key key.pem
  serval dist --host 0.0.0.0 -p 443 --redirect-http 80 --acme example.com

Members of serval.json: tls, cert, key, acme { names, email, directory },
redirectHttp, hsts. --no-tls ignores them.
`,
  trust: `\
serval trust prints how to trust the certificates of --tls, and how to undo it

  serval trust
  serval trust --install    do it: the system's store, and those of Chromium and
                            Firefox if certutil is installed. Each command is
                            printed before it runs; sudo asks for the password

The authority that signs them is created once, for you alone, and its key stays
in your configuration folder. Before you trust it, compare its fingerprint with
the one that "serval --tls" prints.
`,
  demo: `\
serval demo shows what a request looks like: open http://127.0.0.1:4221

  GET  /               your own request, octet by octet
  GET  /echo/hello     returns "hello"
  GET  /websocket      a page with a WebSocket to /echo, which returns messages
  GET  /user-agent     returns your User-Agent header
  GET  /files/a.txt    a file; PUT or POST stores one, up to 16 MiB

The inspector, at the other address that is printed, shows each connection and
request. --no-inspect turns it off.

  curl -i http://127.0.0.1:4221/echo/hello
  curl -T photo.jpg http://127.0.0.1:4221/files/photo.jpg
  serval get ws://127.0.0.1:4221/echo

${optionRows('demo')}
  and the options of "serval --help", "serval help workers", operate, limits
  and proxy
`,
  get: `\
serval get <url> … sends requests and shows what goes over the wire

  serval get :4221/ -v                every line of both heads with its purpose,
                                      and the time of each step
  serval get example.org/a -o a       the content goes to a file
  serval get :4221/notes/ -T n.txt    PUT a file; -d text is a POST
  serval get ws://localhost:4221/     lines become messages, ^D closes with 1000

  -v, --verbose    -i, --include the heads    -I, --head    -s, --silent
  -X, --request <method>  -H, --header <line>  -u, --user <name[:password]>
  -d, --data, --data-binary, --data-raw <text|@file>   -T, --upload-file <file>
  -o, --output <file|->   -L, --location follows redirects   -f, --fail from 400
      --compressed        --max-ratio <number> of decoded bytes (200; 0 for any)
  -m, --max-time, --connect-timeout <seconds>  -4, --ipv4    -6, --ipv6
      --cacert <file>     -E, --cert <file>  --key <file>    -k, --insecure
      --http2 for https, by default         --http2-prior-knowledge  --http1.1
      --unix-socket <path>

The content goes to standard output, escaped on a terminal unless -o - is given.
All other output goes to standard error. Options and exit codes are curl's: 3 no
URL, 6 host not found, 7 no connection, 8 not HTTP, 18 incomplete, 22 with -f or
no WebSocket, 28 too slow, 35 TLS failed, 52 no response, 56 another close than
1000 and 1001, 60 certificate not verified.
`,
  hash: `\
serval hash [name] asks for a password and prints its hash, for --auth and for
"auth" in serval.json. Nothing is shown while you type.

  serval hash                   only the hash
  serval hash ann               ann:hash
  echo "$PASSWORD" | serval hash ann
`,
  completion: `\
serval completion <shell> prints a completion script for bash, zsh or fish

  serval completion bash >> ~/.bashrc
  serval completion zsh > ~/.zfunc/_serval
  serval completion fish > ~/.config/fish/completions/serval.fish

For zsh, ~/.zfunc has to be in fpath before compinit runs.
`,
};

/** @param topic `undefined` for the first page. */
export function helpPage(topic: Topic | undefined): string {
  return topic === undefined ? HELP : PAGES[topic];
}
