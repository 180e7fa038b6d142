/** A supervisor in this very process, for one test, with what it tells. */
import {
  type SuperviseOptions,
  type Supervisor,
  type SupervisorEvent,
  type SupervisorEventType,
  supervise,
} from '../../src/workers/index.ts';
import type { AppData } from './modules/app.ts';

export interface Supervised {
  readonly supervisor: Supervisor;
  readonly origin: string;
  readonly events: readonly SupervisorEvent[];
  /** Waits until there have been so many events of a type. */
  heard(type: SupervisorEventType, times?: number): Promise<void>;
  /** What is answered, over a connection of its own. */
  ask(path: string): Promise<string>;
}

export const moduleNamed = (name: string): URL => new URL(`./modules/${name}.js`, import.meta.url);

/**
 * Nobody should wait for a grace here that is not what the test is about; nor for source maps, which a worker would otherwise
 * read because this process does.
 */
export const QUICK = { hostname: '127.0.0.1', workers: 2, grace: 500, killTimeout: 5_000, execArgv: [] };

export async function withSupervisor(
  options: SuperviseOptions & { data?: AppData },
  use: (supervised: Supervised) => Promise<void>,
  module = moduleNamed('app'),
): Promise<void> {
  const events: SupervisorEvent[] = [];
  const listeners = new Set<() => void>();
  const onEvent = (event: SupervisorEvent): void => {
    events.push(event);
    for (const listener of listeners) listener();
  };
  const supervisor = supervise(module, { ...QUICK, ...options, onEvent });
  supervisor.closed.catch(() => {});
  try {
    await supervisor.ready;
    const [address] = supervisor.addresses;
    const origin = `http://127.0.0.1:${address!.port}`;
    await use({
      ...{ supervisor, origin, events },
      ask: (path) => ask(`${origin}${path}`),
      heard: (type, times = 1) =>
        new Promise((resolve) => {
          const listener = (): void => {
            if (events.filter((event) => event.type === type).length < times) return;
            listeners.delete(listener);
            resolve();
          };
          listeners.add(listener);
          listener();
        }),
    });
  } finally {
    await supervisor.close().catch(() => {});
  }
}

async function ask(url: string): Promise<string> {
  const response = await fetch(url, { headers: { Connection: 'close' } });
  return response.text();
}

/** Everybody who answers, as `/who` tells, asked many times at once; again until there are so many, or it was often enough. */
export async function whoAnswers({ ask }: Supervised, wanted: number): Promise<Set<string>> {
  const seen = new Set<string>();
  for (let round = 0; round < 50 && seen.size < wanted; round++) {
    const names = await Promise.all(Array.from({ length: 4 * wanted }, () => ask('/who')));
    for (const name of names) seen.add(name);
  }
  return seen;
}
