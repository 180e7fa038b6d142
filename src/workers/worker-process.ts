/** Where a worker begins: a process that runs the application's module, by itself or in threads, as its supervisor says. */
import process from 'node:process';
import { type Assignment, type FromWorker, isOurs, type ToWorker } from './messages.ts';
import { MOST_MS } from './options.ts';

/** What runs here: a module, or threads that each run one. */
interface Hosted {
  start(): Promise<void>;
  drain(grace: number, delay: number): Promise<void>;
  destroy(): void | Promise<void>;
}

let hosted: Hosted | undefined;
let isDraining = false;
let patience = { grace: 0, killTimeout: 0 };

process.on('message', (message: unknown) => {
  if (!isOurs<ToWorker>(message)) return;
  switch (message.serval) {
    case 'start':
      patience = message;
      void start(message.assignments);
      break;
    case 'drain':
      void drain(message.grace, message.delay);
      break;
    case 'destroy':
      void destroy();
  }
});

// The supervisor has died. Whoever takes its place brings workers of its own.
process.on('disconnect', () => {
  const { grace, killTimeout } = patience;
  void drain(grace, 0);
  if (killTimeout > 0) setTimeout(() => process.exit(1), Math.min(grace + killTimeout, MOST_MS)).unref();
});

// Ctrl-C, and a terminal that is closed, reach all processes of the terminal; the supervisor decides what follows.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('SIGTERM', () => {
  if (process.connected) send({ serval: 'leaving', reason: 'got SIGTERM', crashed: false });
});

async function start(assignments: readonly Assignment[]): Promise<void> {
  // From here on, a module that does not listen ends its process, as it would without a supervisor.
  process.channel?.unref();
  try {
    hosted = await host(assignments);
    await hosted.start();
  } catch (error) {
    console.error(error);
    // What is not said by then, the supervisor sees by the exit.
    setTimeout(() => process.exit(1), 1_000);
    process.send?.({ serval: 'failed', reason: messageOf(error) } satisfies FromWorker, () =>
      process.exit(1),
    );
  }
}

/** Where threads serve, nothing of a server is loaded here. */
async function host(assignments: readonly Assignment[]): Promise<Hosted> {
  const [first, second] = assignments;
  if (second !== undefined) {
    const { HostedThreads } = await import('./hosted-threads.ts');
    return new HostedThreads(assignments, send);
  }
  const { HostedModule } = await import('./hosted-module.ts');
  return new HostedModule(first!, 0, (message) => message.serval !== 'drained' && send(message));
}

async function drain(grace: number, delay: number): Promise<void> {
  const drained = hosted?.drain(grace, delay);
  if (isDraining) return;
  isDraining = true;
  await drained;
  // Not when nothing is left to do: a module may have timers for whom there is always something.
  process.exit(0);
}

async function destroy(): Promise<void> {
  await hosted?.destroy();
  process.exit(1);
}

function send(message: FromWorker): void {
  if (process.connected) process.send?.(message, ignore);
}

/** A supervisor that has died meanwhile is heard of otherwise. */
function ignore(): void {}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
