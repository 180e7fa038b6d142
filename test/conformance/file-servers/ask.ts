/** One request over a connection of its own, octet by octet as it is written, and all that comes back. */
import net from 'node:net';
import { type Answer, readAnswer } from './answer.ts';

export interface Question {
  /** `GET`, if nothing else is said. */
  readonly method?: string;
  /** As it stands in the request-line. */
  readonly target: string;
  /** Field lines without their ends, beside Host and Connection. */
  readonly fields?: readonly string[];
  readonly version?: '1.0' | '1.1';
}

/** A server that has not closed by then, although it was told to, is not waited for any longer. */
const PATIENCE_MS = 5_000;
/** How long octets are waited for that should not come. */
const LINGER_MS = 300;

export function ask(port: number, question: Question): Promise<Answer> {
  const { method = 'GET', target, fields = [], version = '1.1' } = question;
  const lines = [
    `${method} ${target} HTTP/${version}`,
    `Host: 127.0.0.1:${port}`,
    'Connection: close',
    ...fields,
  ];
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(readAnswer(Buffer.concat(chunks), method));
    };
    let timer = setTimeout(finish, PATIENCE_MS);
    socket.on('connect', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (!isOver(readAnswer(Buffer.concat(chunks), method))) return;
      clearTimeout(timer);
      timer = setTimeout(finish, LINGER_MS);
    });
    // A reset says as much as an end: what came has come.
    socket.on('error', finish);
    socket.on('close', finish);
  });
}

/** Whether an answer says itself that this is its end, rather than by closing. */
function isOver(answer: Answer): boolean {
  if (answer.status === 0 || answer.fault !== undefined) return false;
  const delimited =
    answer.field('content-length') !== undefined || answer.field('transfer-encoding') !== undefined;
  return delimited || answer.status === 304 || answer.status === 204;
}
