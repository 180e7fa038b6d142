import type { Inspector } from '../../inspector/index.ts';
import type { Server } from '../../server/running-server.ts';
import type { Supervisor } from '../../workers/index.ts';
import type { ServeCommand } from '../arguments.ts';

/** Starts the inspector, if the command asks for it. It is imported on demand. */
export async function inspect(
  { command, inspect: isWanted }: ServeCommand,
  served: Server | Supervisor,
): Promise<Inspector | undefined> {
  if (!(isWanted ?? command === 'demo')) return undefined;
  const { inspector } = await import('../../inspector/index.ts');
  return inspector(served);
}
