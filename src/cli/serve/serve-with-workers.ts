/** `serval [dir] --workers N`: this process announces, reloads and ends; its workers serve. */
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { type SupervisorEvent, type SupervisorEventType, supervise } from '../../workers/index.ts';
import { messageOf } from '../../workers/messages.ts';
import { resolveCounts } from '../../workers/options.ts';
import { handleSignals } from '../../workers/signals.ts';
import type { ServeCommand } from '../arguments.ts';
import { FAILED } from '../exit-codes.ts';
import { complain, print } from '../output.ts';
import { announce } from './announce.ts';
import { explainListenError } from './listen-error.ts';
import { prepareServed } from './prepare-served.ts';
import { addressesOf, allAddressesOf, contentOf, type Served } from './served.ts';
import { drainOptions, stopping } from './stop-signals.ts';
import { reloading, tellSystemd } from './tell-systemd.ts';

const MODULE = new URL(`./site-worker${extname(import.meta.url)}`, import.meta.url);

/**
 * How long the old workers of a reload keep connections without a request: longer than the server would anyway, which is 65 s.
 * So a reload closes none that would have stayed open, and none on which a request may be on its way.
 */
const RELOAD_GRACE_MS = 70_000;

/** How long downloads may take that a reload finds under way. */
const KILL_TIMEOUT_MS = 10 * 60_000;

/** What is nothing but the ordinary course of things. */
const UNTOLD: readonly SupervisorEventType[] = ['ready', 'drained'];

/** @returns the exit code. */
export async function serveWithWorkers(command: ServeCommand, served: Served): Promise<number> {
  // What is wrong with the settings is told once, and not by each worker.
  await contentOf(served);
  const { workers = 1, threads = 1 } = command;
  const crew = resolveCounts({ workers, threads }, availableParallelism());
  const supervisor = supervise(MODULE, {
    ...{ listen: allAddressesOf(served), ...crew, data: served },
    grace: RELOAD_GRACE_MS,
    killTimeout: KILL_TIMEOUT_MS,
    onEvent: tell,
  });
  let isStopping = false;
  const reload = async (): Promise<void> => {
    const data = await prepareServed(command, served.demo ? served.directory : undefined);
    if (data === undefined) throw new Error('there is nothing to serve');
    await contentOf(data);
    await supervisor.reload({ data });
  };
  const stopHandling = handleSignals(supervisor, {
    drain: (signal) => drainOptions(signal, command.drainDelay),
    onStop: (signal) => {
      isStopping = true;
      print(stopping(signal, command.drainDelay));
      tellSystemd('STOPPING=1');
    },
    reload: async () => {
      tellSystemd(...reloading());
      try {
        await reload();
      } finally {
        // Whether the new ones serve, or the old ones still do.
        if (!isStopping) tellSystemd('READY=1');
      }
    },
    onReloadError: (error) => complain(`reload failed: ${messageOf(error)}`),
  });
  const ended = supervisor.closed.then(
    () => 0,
    (error) => {
      // What keeps it from starting is told below; that a second signal breaks it off, nobody has to be told.
      if (isReady && !isStopping) complain(messageOf(error));
      return FAILED;
    },
  );
  let isReady = false;
  try {
    await supervisor.ready;
    isReady = true;
    await announce(command, served, supervisor.addresses.slice(0, addressesOf(served).length), crew);
    tellSystemd('READY=1');
  } catch (error) {
    if (!isStopping) complain(explain(error, command, served));
  }
  const code = await ended;
  stopHandling();
  return code;
}

function explain(error: unknown, command: ServeCommand, { sockets }: Served): string {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? explainListenError(error, command, sockets) : messageOf(error);
}

function tell({ type, message }: SupervisorEvent): void {
  if (!UNTOLD.includes(type)) complain(message);
}
