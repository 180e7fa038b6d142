/**
 * The load: sockets that send and count frames. It knows only what it needs of the protocol, so that it costs less than a server.
 *
 *     node load.js <port>
 *
 * Commands are lines of JSON on stdin, each answered by one.
 */
import net from 'node:net';
import process from 'node:process';
import { createInterface } from 'node:readline';

export interface LoadCommand {
  /** `open` sockets on a path; `echo`: each sends and waits; `all`: one sends and all wait. */
  readonly act: 'open' | 'echo' | 'all' | 'count';
  readonly path?: string;
  readonly sockets?: number;
  readonly bytes?: number;
  readonly isText?: boolean;
  /** How many messages of a socket are on their way. */
  readonly depth?: number;
  readonly milliseconds?: number;
}

export interface LoadAnswer {
  /** Messages that came back, or sockets that are open. */
  readonly count: number;
  readonly seconds: number;
  readonly fault?: string;
}

const port = Number(process.argv[2]);
const sockets: Counted[] = [];
let fault: string | undefined;

/** A socket that counts the octets of the frames that it gets. */
class Counted {
  readonly socket: net.Socket;
  received = 0;
  onOctets = (): void => {};

  constructor(socket: net.Socket) {
    this.socket = socket;
    socket.on('data', (octets) => {
      this.received += octets.length;
      this.onOctets();
    });
    socket.on('close', () => {
      fault ??= 'the server closed a connection';
    });
    socket.on('error', (error) => {
      fault ??= error.message;
    });
  }
}

function open(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    socket.once('data', (head) => {
      socket.removeListener('error', reject);
      if (!head.toString('latin1').startsWith('HTTP/1.1 101 ')) return reject(new Error(String(head)));
      sockets.push(new Counted(socket));
      resolve();
    });
  });
}

function headOf(bytes: number, first: number, maskBit: number): Buffer {
  if (bytes < 126) return Buffer.from([first, maskBit | bytes]);
  if (bytes < 65_536) return Buffer.from([first, maskBit | 126, bytes >> 8, bytes & 255]);
  const head = Buffer.alloc(10);
  head[0] = first;
  head[1] = maskBit | 127;
  head.writeUInt32BE(bytes, 6);
  return head;
}

/** A masked frame, and how many octets its unmasked answer has. */
function messageOf({ bytes = 32, isText = true }: LoadCommand): { frame: Buffer; answer: number } {
  const first = isText ? 0x81 : 0x82;
  const mask = Buffer.from([0x1f, 0x5a, 0x33, 0x77]);
  const payload = Buffer.alloc(bytes, 'a message of a chat ').map((octet, at) => octet ^ mask[at % 4]!);
  const head = headOf(bytes, first, 0x80);
  return { frame: Buffer.concat([head, mask, payload]), answer: headOf(bytes, first, 0).length + bytes };
}

async function echo(command: LoadCommand): Promise<number> {
  const { depth = 1, milliseconds = 1_000 } = command;
  const { frame, answer } = messageOf(command);
  let isOver = false;
  let count = 0;
  const ends = sockets.map(
    (counted) =>
      new Promise<void>((resolve) => {
        let sent = depth;
        let answered = 0;
        counted.received = 0;
        counted.onOctets = () => {
          const whole = Math.floor(counted.received / answer);
          const fresh = whole - answered;
          answered = whole;
          count += fresh;
          if (isOver) {
            if (answered === sent) resolve();
            return;
          }
          sent += fresh;
          counted.socket.cork();
          for (let left = fresh; left > 0; left--) counted.socket.write(frame);
          counted.socket.uncork();
        };
        counted.socket.cork();
        for (let left = depth; left > 0; left--) counted.socket.write(frame);
        counted.socket.uncork();
      }),
  );
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  isOver = true;
  await Promise.all(ends);
  return count;
}

/** The first socket publishes; the next message follows when all have the one before. */
async function all(command: LoadCommand): Promise<number> {
  const { depth = 1, milliseconds = 1_000 } = command;
  const { frame, answer } = messageOf(command);
  const [publisher] = sockets;
  const end = performance.now() + milliseconds;
  let rounds = 0;
  let waiting = 0;
  await new Promise<void>((resolve) => {
    const publish = (): void => {
      if (performance.now() > end) return resolve();
      rounds++;
      waiting = sockets.length;
      for (const counted of sockets) counted.received = 0;
      publisher!.socket.cork();
      for (let left = depth; left > 0; left--) publisher!.socket.write(frame);
      publisher!.socket.uncork();
    };
    for (const counted of sockets)
      counted.onOctets = () => {
        if (counted.received !== answer * depth) return;
        if (--waiting === 0) publish();
      };
    publish();
  });
  return rounds * depth * sockets.length;
}

async function act(command: LoadCommand): Promise<number> {
  switch (command.act) {
    case 'open': {
      const wanted = command.sockets ?? 1;
      for (let opened = 0; opened < wanted; opened += 100)
        await Promise.all(
          Array.from({ length: Math.min(100, wanted - opened) }, () => open(command.path ?? '/')),
        );
      return sockets.length;
    }
    case 'echo':
      return echo(command);
    case 'all':
      return all(command);
    case 'count':
      return sockets.filter(({ socket }) => !socket.destroyed).length;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const start = performance.now();
  let count = 0;
  try {
    count = await act(JSON.parse(line) as LoadCommand);
  } catch (error) {
    fault ??= String(error);
  }
  const answer: LoadAnswer = { count, seconds: (performance.now() - start) / 1_000, ...(fault && { fault }) };
  console.log(JSON.stringify(answer));
}
