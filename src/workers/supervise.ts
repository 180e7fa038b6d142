import { existsSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { refusal } from '../options/checks.ts';
import { resolveSettings, type SuperviseOptions } from './options.ts';
import { Supervisor } from './supervisor.ts';
import { WORKER_ENTRY } from './worker.ts';
import { isWorker } from './worker-data.ts';

/**
 * Runs a module in several processes or threads that all accept connections from the same sockets.
 *
 * The module either serves by itself, `serve(handler, { port })` with one of the supervisor's addresses, or exports a handler as
 * default.
 *
 * ```ts
 * const supervisor = supervise(new URL('./app.js', import.meta.url), { port: 4221, signals: true });
 * await supervisor.ready;
 * ```
 *
 * One file can be both: `if (isWorker()) serve(…); else supervise(import.meta.url, …)`.
 *
 * @param module a URL, or a path that is absolute or begins with a dot, relative to the current folder.
 * @throws {TypeError | RangeError} for an invalid option, naming it and its value.
 * @throws {Error} if there is no such module, or if Serval itself was bundled: workers are started from its files.
 * @throws {DOMException} `NotSupportedError` on Windows, Bun and Deno, which cannot pass a listening socket to other processes;
 *   `InvalidStateError` in a worker, which would start more and more of itself.
 */
export function supervise(module: string | URL, options: SuperviseOptions = {}): Supervisor {
  if (isWorker()) throw new DOMException('supervise: cannot be called in a worker', 'InvalidStateError');
  const url = moduleUrl(module);
  const settings = resolveSettings(options);
  checkFiles(url);
  return new Supervisor(url, settings);
}

/** A worker process is started from files, which a bundler leaves behind. */
function checkFiles(url: string): void {
  if (!existsSync(WORKER_ENTRY))
    throw new Error(
      `supervise: the program of the worker processes is not in ${dirname(WORKER_ENTRY)}, because serval was bundled. ` +
        "Leave it out of the bundle, with esbuild's --external:serval or Rollup's external: [/^serval/], and install it",
    );
  if (url.startsWith('file:') && !existsSync(fileURLToPath(url)))
    throw new Error(
      `supervise: module: no file ${fileURLToPath(url)}. If the application is bundled, make the module an entry of its own, ` +
        'or use one file for both: if (isWorker()) serve(…); else supervise(import.meta.url)',
    );
}

function moduleUrl(module: string | URL): string {
  if (module instanceof URL) return module.href;
  if (typeof module === 'string') {
    if (isAbsolute(module) || module.startsWith('.')) return pathToFileURL(module).href;
    if (URL.canParse(module)) return module;
  }
  throw new TypeError(refusal('module', 'a URL, or a path that is absolute or begins with a dot', module));
}
