/** Starts a file server over a folder of its own. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../support/ports.ts';
import { RunningProgram } from '../../support/running-program.ts';
import { writeFixture } from './fixture.ts';
import type { FileServer } from './servers.ts';

export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  readonly root: string;
}

/** @throws {Error} with what the program printed, if it ends or accepts no connection. */
export async function startFileServer(server: FileServer, scratch: string): Promise<RunningServer> {
  // A secret lies beside the root, so the root has a parent of its own.
  const root = join(scratch, 'house', 'site');
  await mkdir(root, { recursive: true });
  await writeFixture(root);
  const port = await freePort();
  const { program, words, environment = {}, files = {} } = server.start(root, port, scratch);
  for (const [name, text] of Object.entries(files)) await writeFile(join(scratch, name), text);
  const running = await RunningProgram.listening(
    { file: program, words, environment, folder: scratch },
    port,
  );
  return { port, root, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}
