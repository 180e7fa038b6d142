/**
 * Calls a handler, and deals with whatever comes of it (Fetch Server API draft, "Error handling"): a response now or later,
 * nothing, something that is no response, or a throw. Each row of the draft's table is a branch here.
 */

import { codeOf, protocolError } from '../../fetch/errors.ts';
import { LightResponse } from '../../fetch/response.ts';
import { reportFault } from '../diagnostics.ts';
import type { Exchange } from './exchange.ts';
import { dropResponse, sendPlain, sendResponse } from './response-writer.ts';

const NativeResponse = globalThis.Response;

type Callee = 'fetch' | 'connect' | 'error';

/** What went wrong, and where: the defaults differ. */
interface Failure {
  readonly by: Callee;
  readonly error: unknown;
}

const NO_FAILURE: Failure = { by: 'fetch', error: undefined };

/** Hands the request to `connect()` or to `fetch()`. */
export function invoke(exchange: Exchange, callee: 'fetch' | 'connect'): void {
  call(exchange, callee, NO_FAILURE);
}

/** @param failure what `error()` is called for. */
function call(exchange: Exchange, callee: Callee, failure: Failure): void {
  let result: unknown;
  try {
    result = exchange.driver.service.handlers[callee]!(exchange, failure.error);
    if (!(result instanceof LightResponse) && isThenable(result)) {
      // A thenable of anybody's making may do anything when it is touched; a promise may not.
      const promise = result instanceof Promise ? result : Promise.resolve(result);
      promise.then(
        (value) => onResult(exchange, callee, value, failure),
        (thrown) => onThrow(exchange, callee, thrown, failure),
      );
      return;
    }
  } catch (thrown) {
    onThrow(exchange, callee, thrown, failure);
    return;
  }
  onResult(exchange, callee, result, failure);
}

function onResult(exchange: Exchange, callee: Callee, value: unknown, failure: Failure): void {
  if (callee === 'connect' && exchange.fallsThrough) {
    if (value === undefined) return fallThrough(exchange);
    onThrow(exchange, callee, new TypeError('connect() returned a value after it fell through'), failure);
  } else if (value instanceof LightResponse || value instanceof NativeResponse) {
    onResponse(exchange, callee, value as Response, failure);
  } else if (value !== undefined || mustReturn(exchange, callee)) {
    const message = `${callee}() must return a Response; it returned ${value === null ? 'null' : typeof value}`;
    onThrow(exchange, callee, new TypeError(message), failure);
  } else if (callee === 'error') {
    answerFailure(exchange, failure);
  }
}

/** Nothing may be returned by `error()`, and where an answer has been given, or can't be given any more. */
function mustReturn({ state }: Exchange, callee: Callee): boolean {
  if (callee === 'error' || state === 'denied' || state === 'aborted') return false;
  return !(callee === 'connect' && state === 'committed');
}

function onResponse(exchange: Exchange, callee: Callee, response: Response, failure: Failure): void {
  const { state } = exchange;
  if (state === 'denied' || state === 'committed') {
    dropResponse(response);
    reportFault(new TypeError(`A response was returned when the exchange was ${state}`), `${callee}()`);
    return;
  }
  try {
    sendResponse(exchange, response)?.catch((thrown) => onUnsendable(thrown));
  } catch (thrown) {
    onUnsendable(thrown);
  }

  /** Something in the response can't be sent, and nothing was. */
  function onUnsendable(thrown: unknown): void {
    dropResponse(response);
    onThrow(exchange, callee, thrown, failure);
  }
}

/** `connect()` has declined the upgrade: `fetch()` gets the request, with a context of its own. */
function fallThrough(exchange: Exchange): void {
  exchange.fallsThrough = false;
  exchange.renewContext();
  call(exchange, 'fetch', NO_FAILURE);
}

function onThrow(exchange: Exchange, callee: Callee, error: unknown, failure: Failure): void {
  const { state } = exchange;
  if (state === 'aborted') return;
  if (state === 'committed' || state === 'denied') {
    reportFault(error, `${callee}() after its answer`);
    if (callee !== 'connect' || state === 'denied') return;
    exchange.driver.destroy(
      protocolError('ERR_HTTP_CONNECT_ERROR', 'connect() failed after accept()', error),
    );
  } else if (callee === 'error') {
    reportFault(error, 'error()');
    answerFailure(exchange, failure);
  } else if (exchange.driver.service.handlers.error === undefined) {
    answerFailure(exchange, { by: callee, error });
  } else {
    call(exchange, 'error', { by: callee, error });
  }
}

/** The answer when nobody else gave one. No detail of the failure goes on the wire. */
function answerFailure(exchange: Exchange, { by, error }: Failure): void {
  if (exchange.state !== 'open' && exchange.state !== 'informational') return;
  const fault = exchange.contentFault;
  if (fault !== undefined && fault.error === error) {
    sendPlain(exchange, fault.rejection.status, fault.rejection.sentence, true);
  } else if (codeOf(error) === 'ERR_HTTP_CONTENT_TOO_LARGE') {
    sendPlain(exchange, 413, 'Content Too Large', true);
  } else {
    reportFault(error, `${by}()`);
    if (by === 'connect') sendPlain(exchange, 502, 'Bad Gateway', false);
    else sendPlain(exchange, 500, 'Internal Server Error', false);
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
