/** `serval [dir] --workers N`: this process supervises, and its workers serve. */
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { serverOptions } from '../../site/config/server-config.ts';
import { type SupervisorEvent, type SupervisorEventType, supervise } from '../../workers/index.ts';
import { messageOf } from '../../workers/messages.ts';
import { MAX_MS, resolveCounts } from '../../workers/options.ts';
import { handleSignals } from '../../workers/signals.ts';
import type { Supervisor } from '../../workers/supervisor.ts';
import type { ServeCommand } from '../arguments.ts';
import { FAILED } from '../exit-codes.ts';
import { complain, print } from '../output.ts';
import { announce } from './announce.ts';
import type { Crew } from './announcement.ts';
import { inspect } from './inspect.ts';
import { explainListenError } from './listen-error.ts';
import { announcedPorts, operatorPorts } from './operator-ports.ts';
import { prepareServed } from './prepare-served.ts';
import { addressesOf, contentOf, type Served, siteAddresses } from './served.ts';
import { drainOptions, stopping } from './stop-signals.ts';
import { reloading, tellSystemd } from './tell-systemd.ts';

const MODULE = new URL(`./site-worker${extname(import.meta.url)}`, import.meta.url);

/** The idle timeout of the server, which is 65 s by default. */
const DEFAULT_IDLE_MS = 65_000;
const MARGIN_MS = 5_000;

/** How long downloads in progress may take after a reload. */
const KILL_TIMEOUT_MS = 10 * 60_000;

/** Events that are not printed. */
const ORDINARY: readonly SupervisorEventType[] = ['ready', 'drained'];

/** @returns the exit code. */
export async function serveWithWorkers(command: ServeCommand, served: Served): Promise<number> {
  // Reports invalid settings once, instead of in each worker.
  await contentOf(served);
  const { workers = 1, threads = 1 } = command;
  const crew = resolveCounts({ workers, threads }, availableParallelism());
  const supervisor = start(served, crew);
  if (supervisor === undefined) return FAILED;
  let isStopping = false;
  const reload = async (): Promise<void> => {
    const data = await prepareServed(command, served.demo ? served.directory : undefined);
    if (data === undefined) throw new Error('there is no folder to serve');
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
        // Ready in either case: the new workers serve, or the old ones still do.
        if (!isStopping) tellSystemd('READY=1');
      }
    },
    onReloadError: (error) => complain(`reload failed: ${messageOf(error)}`),
  });
  const ended = supervisor.closed.then(
    () => 0,
    (error) => {
      // A failed start is reported below, and a second signal needs no report.
      if (isReady && !isStopping) complain(messageOf(error));
      return FAILED;
    },
  );
  let isReady = false;
  try {
    await supervisor.ready;
    isReady = true;
    const addresses = supervisor.addresses.slice(0, siteAddresses(served).length);
    // They come last.
    const operatorAddresses = supervisor.addresses.slice(-operatorPorts(served).length);
    const inspected = await inspect(command, supervisor);
    await announce(command, served, addresses, {
      ...announcedPorts(served, operatorAddresses),
      ...{ crew, inspectorUrl: inspected?.url },
    });
    tellSystemd('READY=1');
  } catch (error) {
    if (!isStopping) complain(await explain(error, command, served));
  }
  const code = await ended;
  stopHandling();
  return code;
}

/** @returns `undefined` if the runtime has no support for workers; that has been printed. */
function start(served: Served, crew: Crew): Supervisor | undefined {
  try {
    return supervise(MODULE, {
      ...{ listen: addressesOf(served), ...crew, data: served },
      grace: reloadGrace(served),
      killTimeout: KILL_TIMEOUT_MS,
      onEvent: report,
    });
  } catch (error) {
    if ((error as Error).name !== 'NotSupportedError') throw error;
    complain('--workers and --threads require Node on Linux or macOS; start serval without them');
    return undefined;
  }
}

/**
 * How long the old workers of a reload keep idle connections: longer than the server itself. So a reload closes no connection
 * early, on which a request may be on its way.
 */
function reloadGrace({ config }: Served): number {
  const { idle = DEFAULT_IDLE_MS } = serverOptions(config).timeouts;
  return Math.min(Math.max(idle, DEFAULT_IDLE_MS) + MARGIN_MS, MAX_MS);
}

async function explain(error: unknown, command: ServeCommand, { sockets }: Served): Promise<string> {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? explainListenError(error, command, sockets) : messageOf(error);
}

function report({ type, message }: SupervisorEvent): void {
  if (!ORDINARY.includes(type)) complain(message);
}
