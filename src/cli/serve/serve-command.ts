/** `serval [dir]` and `serval demo`, until they are stopped. */
import type { ServeCommand } from '../arguments.ts';
import { FAILED } from '../exit-codes.ts';
import { complain } from '../output.ts';
import { announce } from './announce.ts';
import { inspect } from './inspect.ts';
import { explainListenError } from './listen-error.ts';
import { announcedPorts } from './operator-ports.ts';
import { prepareServed } from './prepare-served.ts';
import { type RunningServer, type Served, startServer } from './served.ts';
import { reloadOnSignal, stopOnSignal } from './stop-signals.ts';
import { tellSystemd } from './tell-systemd.ts';

/** @returns the exit code. */
export async function serveCommand(command: ServeCommand): Promise<number> {
  const served = await prepareServed(command);
  if (served === undefined) return FAILED;
  if (command.workers === undefined && command.threads === undefined) return serveAlone(command, served);
  // Imported on demand: a single process needs no supervisor.
  const { serveWithWorkers } = await import('./serve-with-workers.ts');
  return serveWithWorkers(command, served);
}

async function serveAlone(command: ServeCommand, served: Served): Promise<number> {
  let running: RunningServer;
  try {
    running = await startServer(served);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    complain(await explainListenError(error, command, served.sockets));
    return FAILED;
  }
  const stopped = stopOnSignal(running, command.drainDelay);
  const stopReloading = reloadOnSignal(running);
  const { server, operatorServers } = running;
  const inspected = await inspect(command, running.server);
  const isSecured = served.encryption !== undefined;
  const addresses = [...server]
    .filter(({ encrypted }) => encrypted === isSecured)
    .map(({ address }) => address);
  const operatorAddresses = operatorServers.flatMap((each) => [...each].map(({ address }) => address));
  await announce(command, served, addresses, {
    ...announcedPorts(served, operatorAddresses),
    inspectorUrl: inspected?.url,
  });
  tellSystemd('READY=1');
  await stopped;
  stopReloading();
  return 0;
}
