/** Connections that serve one request each, one after the other. */
import net from 'node:net';

/** @throws {Error} if a connection brings another number of bytes than `answerOctets`, or fails. */
export async function oneRequestConnections(
  port: number,
  request: Buffer,
  answerOctets: number,
  times: number,
): Promise<void> {
  for (let i = 0; i < times; i++) {
    const octets = await oneRequest(port, request);
    if (octets !== answerOctets) throw new Error(`${octets} octets in place of an answer of ${answerOctets}`);
  }
}

function oneRequest(port: number, request: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let octets = 0;
    const socket = net.connect({ host: '127.0.0.1', port, noDelay: true }, () => socket.write(request));
    socket.on('data', (chunk) => {
      octets += chunk.length;
    });
    socket.on('error', reject);
    // The server ends first, so this side's FIN is the answer to it.
    socket.on('close', () => resolve(octets));
  });
}
