/** Figures that are counted instead of timed: system calls and bytes of heap for each request. Counts do not jitter. */
import { ask } from '../end-to-end/answer.ts';
import { type RequestShape, requestFor } from '../end-to-end/request.ts';
import type { Figures } from './comparison.ts';
import { CountedServer } from './counted-server.ts';
import type { Exchanger } from './exchanger.ts';
import { oneRequestConnections } from './one-request-connections.ts';
import { countSyscalls } from './syscalls.ts';

const WARM_UP = 20_000;
const HEAP_REQUESTS = 5_000;
const SYSCALL_BATCHES = 500;
const IDLE_CONNECTIONS = 1_000;
const CONNECTIONS_BEFORE = 2_000;
const HEAP_CONNECTIONS = 1_000;
const SYSCALL_CONNECTIONS = 200;
const PIPELINED = 16;

const ORDER = Buffer.from(
  JSON.stringify({ id: 1, customer: { name: 'Ada' }, items: [{ price: 7, quantity: 3 }] }),
);

const SHAPES: Record<string, RequestShape> = {
  hello: {},
  'hello-async': {},
  headers: { target: '/?page=7' },
  json: { method: 'POST', content: ORDER, contentType: 'application/json' },
};

/** Bytes of JavaScript heap that a request of each application takes, once its code is compiled. */
export async function heapPerRequest(): Promise<Figures> {
  const figures: Record<string, number> = {};
  for (const [app, shape] of Object.entries(SHAPES)) {
    await withExchanger(app, shape, 1, async (server, exchanger) => {
      await exchanger.exchange(WARM_UP);
      const before = await server.heap('collect');
      await exchanger.exchange(HEAP_REQUESTS);
      const octets = (await server.heap('as it is')) - before;
      figures[`${app}: octets of heap a request`] = Math.round(octets / HEAP_REQUESTS);
    });
  }
  return figures;
}

/** Bytes of JavaScript heap that an idle kept connection holds. */
export async function heapPerConnection(): Promise<Figures> {
  const server = await CountedServer.start('hello');
  const idle: Exchanger[] = [];
  const open = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const exchanger = await server.exchanger({});
      await exchanger.exchange(1);
      idle.push(exchanger);
    }
  };
  try {
    await open(IDLE_CONNECTIONS / 2);
    const before = await server.heap('collect');
    await open(IDLE_CONNECTIONS);
    const octets = (await server.heap('collect')) - before;
    return { 'idle: octets of heap a connection': Math.round(octets / IDLE_CONNECTIONS) };
  } finally {
    for (const exchanger of idle) exchanger.close();
    server.stop();
  }
}

/** Bytes of JavaScript heap that a connection takes which serves one request. */
export function heapPerOneRequest(): Promise<Figures> {
  return withOneRequests(async (server, connections) => {
    await connections(CONNECTIONS_BEFORE);
    const before = await server.heap('collect');
    await connections(HEAP_CONNECTIONS);
    const octets = (await server.heap('as it is')) - before;
    return { 'connect: octets of heap a connection': Math.round(octets / HEAP_CONNECTIONS) };
  });
}

/** System calls of such a connection, from accept to close. Those that wait for events are not counted. */
export function syscallsPerOneRequest(): Promise<Figures> {
  return withOneRequests(async (server, connections) => {
    await connections(SYSCALL_CONNECTIONS);
    const calls = await countSyscalls(server.pid, () => connections(SYSCALL_CONNECTIONS));
    const sum = [...SOCKET_CALLS, ...READS, ...WRITES].reduce(
      (total, name) => total + (calls.get(name) ?? 0),
      0,
    );
    return { 'connect: calls on sockets a connection': Math.round((sum / SYSCALL_CONNECTIONS) * 100) / 100 };
  });
}

async function withOneRequests<Result>(
  what: (server: CountedServer, connections: (times: number) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const server = await CountedServer.start('connect');
  try {
    const request = requestFor(server.port, { close: true });
    const [answer] = await ask(server.port, request);
    if (answer?.status !== 200) throw new Error(`the server answers ${answer?.status}`);
    return await what(server, (times) =>
      oneRequestConnections(server.port, request, answer.wireOctets, times),
    );
  } finally {
    server.stop();
  }
}

/** System calls a request, alone and pipelined. Waiting calls are not counted: they depend on the speed of both sides. */
export async function syscallsPerRequest(): Promise<Figures> {
  return {
    ...(await syscallsOf('hello', 1)),
    ...(await syscallsOf('hello', PIPELINED)),
    ...(await syscallsOf('json', 1)),
  };
}

const WRITES = ['write', 'writev', 'sendto', 'sendmsg'];
const SOCKET_CALLS = ['accept', 'accept4', 'setsockopt', 'getsockopt', 'shutdown', 'close'];
const READS = ['read', 'readv', 'recvfrom', 'recvmsg'];

async function syscallsOf(app: string, atOnce: number): Promise<Figures> {
  let calls = new Map<string, number>();
  await withExchanger(app, SHAPES[app] ?? {}, atOnce, async (server, exchanger) => {
    await exchanger.exchange(WARM_UP / 10);
    calls = await countSyscalls(server.pid, () => exchanger.exchange(SYSCALL_BATCHES));
  });
  const each = (names: readonly string[]) => {
    const sum = names.reduce((total, name) => total + (calls.get(name) ?? 0), 0);
    return Math.round((sum / SYSCALL_BATCHES) * 100) / 100;
  };
  const what = atOnce === 1 ? `${app}: ` : `${app}, ${atOnce} at once: `;
  const unit = atOnce === 1 ? 'a request' : 'a batch';
  return {
    [`${what}writes ${unit}`]: each(WRITES),
    [`${what}reads ${unit}`]: each(READS),
  };
}

async function withExchanger(
  app: string,
  shape: RequestShape,
  atOnce: number,
  what: (server: CountedServer, exchanger: Exchanger) => Promise<void>,
): Promise<void> {
  const server = await CountedServer.start(app);
  try {
    const exchanger = await server.exchanger(shape, atOnce);
    await what(server, exchanger);
    exchanger.close();
  } finally {
    server.stop();
  }
}
