/**
 * What each client does with each server, by the standard interface alone: this module runs in the processes of other runtimes, and
 * imports nothing.
 */

/** As much of a WebSocket as the cases use. */
export interface StandardSocket {
  binaryType: string;
  readonly protocol: string;
  readonly extensions: string;
  send(message: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: string, listener: (event: never) => void, options?: { once: boolean }): void;
}

/** @param path of the server. */
export type Opens = (path: string, protocols: string[]) => StandardSocket;

interface Closed {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

const PATIENCE_MS = 20_000;
const MIB = 1024 * 1024;

/** Prints a line for each case: `ok`, its name and a remark, or `fault`, its name and why. */
export async function runCases(open: Opens, print: (line: string) => void): Promise<void> {
  for (const [name, act] of Object.entries(CASES)) {
    try {
      print(`ok ${name}: ${(await withPatience(act(open))) ?? ''}`);
    } catch (error) {
      print(`fault ${name}: ${(error as Error).message}`);
    }
  }
}

const CASES: Record<string, (open: Opens) => Promise<string | undefined>> = {
  async handshake(open) {
    const socket = await opened(open('/', ['other', 'chat']));
    expect(socket.protocol, 'chat');
    socket.close();
    return socket.extensions.replaceAll('; ', ';') || 'no extension';
  },
  async text(open) {
    const socket = await opened(open('/', ['chat']));
    for (const text of ['', 'Grüße 🐈', 'x'.repeat(126), 'text '.repeat(40_000)]) {
      socket.send(text);
      expect((await next(socket)) === text, true);
    }
    socket.close();
    return undefined;
  },
  async binary(open) {
    const socket = await opened(open('/', ['chat']));
    socket.binaryType = 'arraybuffer';
    const octets = Uint8Array.from({ length: MIB }, (_, i) => (i * i) >> 3);
    socket.send(octets);
    const echoed = new Uint8Array((await next(socket)) as ArrayBuffer);
    expect(
      echoed.every((octet, i) => octet === octets[i]),
      true,
    );
    expect(echoed.length, octets.length);
    socket.close();
    return undefined;
  },
  async 'many messages'(open) {
    const socket = await opened(open('/', ['chat']));
    let got = 0;
    const all = new Promise<void>((resolve, reject) => {
      socket.addEventListener('message', ({ data }: { data: unknown }) => {
        if (data !== `message ${got}`) reject(new Error(`expected message ${got}, got ${String(data)}`));
        if (++got === 1_000) resolve();
      });
    });
    for (let sent = 0; sent < 1_000; sent++) socket.send(`message ${sent}`);
    await all;
    socket.close();
    return undefined;
  },
  async 'client closes'(open) {
    const socket = await opened(open('/', ['chat']));
    const closed = closeOf(socket);
    socket.close(4_001, 'bye');
    const { code, wasClean } = await closed;
    expect(`${code} ${wasClean}`, '4001 true');
    return undefined;
  },
  async 'server closes'(open) {
    const socket = await opened(open('/', ['chat']));
    const closed = closeOf(socket);
    socket.send('close');
    const { code, reason, wasClean } = await closed;
    expect(`${code} ${reason} ${wasClean}`, '4002 as you wish true');
    return undefined;
  },
  async refusal(open) {
    const socket = open('/none', ['chat']);
    // Of the standard's two events, the undici of Node 20 has only the first, and Deno's second has the code 0.
    const failed = new Promise<string>((resolve) => {
      socket.addEventListener('error', () => resolve('error'), { once: true });
      socket.addEventListener('open', () => resolve('open'), { once: true });
    });
    expect(await failed, 'error');
    return undefined;
  },
};

function opened(socket: StandardSocket): Promise<StandardSocket> {
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(socket), { once: true });
    socket.addEventListener(
      'error',
      (event: { error?: Error; message?: string }) =>
        reject(new Error(event.error?.message ?? event.message ?? 'no reason given')),
      { once: true },
    );
  });
}

function next(socket: StandardSocket): Promise<unknown> {
  return new Promise((resolve) => {
    socket.addEventListener('message', ({ data }: { data: unknown }) => resolve(data), { once: true });
  });
}

function closeOf(socket: StandardSocket): Promise<Closed> {
  return new Promise((resolve) => {
    socket.addEventListener('close', (event: Closed) => resolve(event), { once: true });
  });
}

function expect(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`expected ${String(expected)}, got ${String(actual)}`);
}

async function withPatience<T>(act: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), PATIENCE_MS);
  });
  try {
    return await Promise.race([act, late]);
  } finally {
    clearTimeout(timer);
  }
}
