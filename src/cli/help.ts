/** Help that teaches by example. Each fits a terminal of 80 columns and 24 lines. */

export const HELP = `\
serval serves a folder over HTTP.

  serval                        this folder, at http://127.0.0.1:4221
  serval ./dist                 another folder
  serval ./dist --port 8080     on another port; 0 takes any free one
  serval ./dist --host 0.0.0.0  for the whole network, not this machine alone
  serval demo                   see HTTP happen: a page that shows your request

Options
  -p, --port <number>     the port to listen on (4221)
      --host <address>    the address to listen on (127.0.0.1)
      --log, --no-log     one line a request, or none (a line in a terminal)
  -h, --help              this page; "serval demo --help" tells of the demo
  -v, --version           the version

Ctrl-C lets running requests finish; a second Ctrl-C stops at once.
A folder that is really called "demo" is served by: serval ./demo
`;

export const DEMO_HELP = `\
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
  and --port, --host, --log, --no-log, as "serval --help" explains them
`;
