/**
 * The forms in which `serve` is called: its own, `serve(handler, options)`, that of Deno, `serve(options, handler)`, and that of Bun,
 * one object with `fetch` and options. Calls that would be misunderstood throw, and say what to write.
 */
import { checkObject, refusal } from '../options/checks.ts';
import { type DraftHandlerObject, type Handler, PROTOCOL_MARKER } from './api.ts';
import { insteadOf } from './foreign-options.ts';
import { SERVER_OPTIONS, type ServerOptions } from './options.ts';

export interface ServeCall {
  readonly handler: Handler;
  readonly options: ServerOptions;
}

type Members = Readonly<Record<string, unknown>>;

/** Methods of a handler as well as options. */
const HOOKS: readonly string[] = ['connect', 'error', 'clientError'] satisfies (keyof ServerOptions)[];

/** @throws {TypeError} for arguments in another order, or of other kinds. */
export function readServeCall(first: unknown, second: unknown): ServeCall {
  if (typeof first === 'number' || typeof first === 'string')
    throw new TypeError(
      `${refusal('handler', 'a function or an object with a fetch method', first)}; write serve(handler, { port: ${first} })`,
    );
  if (typeof second === 'number' || typeof second === 'string')
    throw new TypeError(
      `${refusal('options', 'an object', second)}; write serve(handler, { port: ${second} })`,
    );
  if (isLiteral(first) && !isFunction(first['fetch']) && isHandler(second))
    return { handler: second, options: first as ServerOptions };
  // The adapters of Node take a callback here.
  if (typeof second === 'function')
    throw new TypeError(
      `${refusal('options', 'an object', second)}; to wait until it listens, write await server.ready`,
    );
  const options = (second === undefined ? {} : second) as ServerOptions;
  checkObject('options', options);
  if (!isLiteral(first)) return { handler: first as Handler, options };
  const given = optionsIn(first);
  if (Object.keys(given).length === 0) return { handler: first as unknown as Handler, options };
  if (!isFunction(first['fetch']))
    throw new TypeError(
      `${refusal('handler.fetch', 'a function', first['fetch'])}; write serve((request) => new Response(…), { … })`,
    );
  return {
    handler: first as unknown as Handler,
    options: { ...given, ...hooksOf(first, options), ...options },
  };
}

/** The members of a handler that are options, known or of other servers: the latter are refused with the others. */
function optionsIn(handler: Members): ServerOptions {
  const members = Object.entries(handler).filter(
    ([name]) =>
      !HOOKS.includes(name) &&
      name !== 'fetch' &&
      (SERVER_OPTIONS.has(name) || insteadOf(name) !== undefined),
  );
  // A name of another server alone may as well be the handler's own.
  return members.some(([name]) => SERVER_OPTIONS.has(name)) ? Object.fromEntries(members) : {};
}

/** In an object that has the options, these are options too. */
function hooksOf(handler: Members, options: ServerOptions): ServerOptions {
  if (PROTOCOL_MARKER in handler) return {};
  const { error } = handler;
  if (isFunction(error) && error.length === 1 && options.error === undefined)
    throw new TypeError(
      'options.error: expected a function of two, (ctx, error) => …; Bun passes the error alone',
    );
  return Object.fromEntries(
    HOOKS.filter((name) => handler[name] !== undefined).map((name) => {
      const hook = handler[name];
      return [name, isFunction(hook) ? hook.bind(handler) : hook];
    }),
  );
}

const isFunction = (value: unknown): value is (...args: unknown[]) => unknown => typeof value === 'function';

const isHandler = (value: unknown): value is Handler =>
  isFunction(value) ||
  (typeof value === 'object' && value !== null && isFunction((value as Handler & DraftHandlerObject).fetch));

/** An object of a literal. The members of a class, such as a framework, are its own business. */
const isLiteral = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
