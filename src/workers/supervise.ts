import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { refusal } from '../options/checks.ts';
import { resolveSettings, type SuperviseOptions } from './options.ts';
import { Supervisor } from './supervisor.ts';
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
 * @throws {DOMException} `NotSupportedError` on Windows, Bun and Deno, which cannot pass a listening socket to other processes;
 *   `InvalidStateError` in a worker, which would start more and more of itself.
 */
export function supervise(module: string | URL, options: SuperviseOptions = {}): Supervisor {
  if (isWorker()) throw new DOMException('supervise: cannot be called in a worker', 'InvalidStateError');
  return new Supervisor(moduleUrl(module), resolveSettings(options));
}

function moduleUrl(module: string | URL): string {
  if (module instanceof URL) return module.href;
  if (typeof module === 'string') {
    if (isAbsolute(module) || module.startsWith('.')) return pathToFileURL(module).href;
    if (URL.canParse(module)) return module;
  }
  throw new TypeError(refusal('module', 'a URL, or a path that is absolute or begins with a dot', module));
}
