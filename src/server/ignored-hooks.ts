/** Warnings about members of a handler that look like hooks of the server and are none. */
import process from 'node:process';
import { PROTOCOL_MARKER } from './api.ts';
import type { ServerOptions } from './options.ts';

/** The functions among the options of `serve`. */
export type Hooks = Pick<ServerOptions, 'connect' | 'error' | 'clientError'>;

/**
 * Warns of the hooks of an object literal that nothing calls. Classes are routers, whose methods of these names register routes.
 *
 * @param options those that are called in their place.
 */
export function warnOfIgnored(handler: object, options: Hooks = {}): void {
  if (Object.getPrototypeOf(handler) !== Object.prototype) return;
  const hooks = handler as Hooks;
  if (!(PROTOCOL_MARKER in handler)) {
    const why = "because the handler has no [Symbol.for('wintertc.server.protocol')]: 1. Add it, or use";
    for (const name of ['connect', 'error'] as const)
      if (typeof hooks[name] === 'function' && options[name] === undefined)
        warn(name, `${why} options.${name}`);
  }
  if (typeof hooks.clientError === 'function' && options.clientError === undefined)
    warn('clientError', 'because it is an option of serve: use options.clientError');
}

function warn(name: string, why: string): void {
  process.emitWarning(`handler.${name}: ignored, ${why}`, { code: 'SERVAL_HANDLER_IGNORED' });
}
