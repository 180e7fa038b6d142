/** The entry point of a worker process. It runs the application's module in its main thread or in several threads. */
import process from 'node:process';
import {
  type Assignment,
  type FigureSum,
  type FromWorker,
  isServalMessage,
  messageOf,
  type ToWorker,
} from './messages.ts';
import { MAX_MS } from './options.ts';
import { Outbox, warnOfLoss } from './outbox.ts';

/** A module, or threads that each run one. */
interface Hosted {
  start(): Promise<void>;
  drain(grace: number, delay: number): Promise<void>;
  destroy(): void | Promise<void>;
  deliver(octets: Uint8Array, count: number): void;
  onSum(sum: FigureSum): void;
}

/** How long the last messages may take. In milliseconds. */
const LAST_MESSAGES_MS = 500;

/** To the supervisor. */
const outbox = new Outbox(
  (octets, count, onTaken) => {
    if (process.connected) process.send?.({ serval: 'batch', octets, count } satisfies FromWorker, onTaken);
  },
  (lost) => warnOfLoss('the supervisor', lost),
);

let hosted: Hosted | undefined;
let isDraining = false;
let times = { grace: 0, killTimeout: 0 };

process.on('message', (message: unknown) => {
  if (!isServalMessage<ToWorker>(message)) return;
  switch (message.serval) {
    case 'start':
      times = message;
      void start(message.assignments);
      break;
    case 'drain':
      void drain(message.grace, message.delay);
      break;
    case 'batch':
      hosted?.deliver(message.octets, message.count);
      break;
    case 'sum':
      hosted?.onSum(message);
      break;
    case 'destroy':
      void destroy();
  }
});

// The supervisor has died. A new supervisor starts workers of its own.
process.on('disconnect', () => {
  const { grace, killTimeout } = times;
  void drain(grace, 0);
  if (killTimeout > 0) setTimeout(() => process.exit(1), Math.min(grace + killTimeout, MAX_MS)).unref();
});

// Ctrl-C and a closed terminal signal all processes of the terminal. Only the supervisor reacts to them.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('SIGTERM', () => {
  if (process.connected) send({ serval: 'leaving', reason: 'got SIGTERM', crashed: false });
});

async function start(assignments: readonly Assignment[]): Promise<void> {
  // From now on a module that does not listen ends its process, as it would without a supervisor.
  process.channel?.unref();
  try {
    hosted = await host(assignments);
    await hosted.start();
  } catch (error) {
    console.error(error);
    // If the message cannot be sent in time, the exit code has to suffice.
    setTimeout(() => process.exit(1), 1_000);
    process.send?.({ serval: 'failed', reason: messageOf(error) } satisfies FromWorker, () =>
      process.exit(1),
    );
  }
}

/** Imports on demand: a process whose threads serve does not load the server itself. */
async function host(assignments: readonly Assignment[]): Promise<Hosted> {
  const [first, second] = assignments;
  if (second !== undefined) {
    const { HostedThreads } = await import('./hosted-threads.ts');
    return new HostedThreads(assignments, send, outbox);
  }
  const { HostedModule } = await import('./hosted-module.ts');
  return new HostedModule(first!, 0, (message) => send(message as FromWorker), outbox);
}

async function drain(grace: number, delay: number): Promise<void> {
  const drained = hosted?.drain(grace, delay);
  if (isDraining) return;
  isDraining = true;
  await drained;
  await lastMessagesSent();
  // Exits explicitly, because the timers of a module may keep the process alive.
  process.exit(0);
}

/** The messages before have left as well then. */
function lastMessagesSent(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, LAST_MESSAGES_MS);
    if (process.connected) process.send?.({ serval: 'drained' } satisfies FromWorker, () => resolve());
    else resolve();
  });
}

async function destroy(): Promise<void> {
  await hosted?.destroy();
  process.exit(1);
}

function send(message: FromWorker): void {
  if (process.connected) process.send?.(message, ignore);
}

/** The `disconnect` event reports a dead supervisor. */
function ignore(): void {}
