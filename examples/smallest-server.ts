/**
 * The smallest server: HTTP/1.1 on a TCP socket. The tour in docs/tour/ begins here, and each chapter says what is missing.
 *
 *     npm run smallest
 *     curl -i http://localhost:4222/echo/hello
 */
import { createServer, type Socket } from 'node:net';
import process from 'node:process';

interface Request {
  readonly method: string;
  readonly path: string;
  readonly fields: ReadonlyMap<string, string>;
}

const port = Number(process.argv[2] ?? 4222);

// The operating system accepts each connection. Node calls this function with its socket.
createServer((socket) => {
  console.log(`A client has connected from port ${socket.remotePort}`);
  socket.on('error', (error) => console.log(`Connection lost: ${error.message}`));
  socket.setEncoding('latin1'); // one character for each octet
  let received = '';
  socket.on('data', (text: string) => {
    received += text; // The head of a request may come in many pieces.
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    socket.removeAllListeners('data');
    answer(socket, received.slice(0, end));
  });
}).listen(port, '127.0.0.1', () => console.log(`Listening at http://localhost:${port}/`));

function answer(socket: Socket, head: string): void {
  const request = parse(head);
  console.log(request === undefined ? 'Not a request' : `${request.method} ${request.path}`);
  if (request === undefined) respond(socket, '400 Bad Request', 'Not a request\n');
  else if (request.method !== 'GET') respond(socket, '501 Not Implemented', 'Only GET works here\n');
  else if (request.path === '/') respond(socket, '200 OK', 'Hello\n');
  else if (request.path === '/user-agent') respond(socket, '200 OK', request.fields.get('user-agent') ?? '');
  else if (request.path.startsWith('/echo/')) respond(socket, '200 OK', request.path.slice('/echo/'.length));
  else respond(socket, '404 Not Found', 'Not found\n');
}

/** `GET /path HTTP/1.1`, then fields such as `Host: localhost`, one on each line. */
function parse(head: string): Request | undefined {
  const [requestLine = '', ...lines] = head.split('\r\n');
  const [, method, path] = /^([A-Z]+) (\/\S*) HTTP\/1\.[01]$/.exec(requestLine) ?? [];
  if (method === undefined || path === undefined) return undefined;
  const fields = lines.map((line) => line.split(/:\s*(.*)/, 2) as [string, string]);
  return { method, path, fields: new Map(fields.map(([name, value]) => [name.toLowerCase(), value])) };
}

function respond(socket: Socket, status: string, content: string): void {
  const length = Buffer.byteLength(content, 'latin1');
  const fields = `Content-Type: text/plain\r\nContent-Length: ${length}\r\nConnection: close`;
  socket.end(`HTTP/1.1 ${status}\r\n${fields}\r\n\r\n${content}`, 'latin1');
}
