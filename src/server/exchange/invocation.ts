/**
 * One call of a handler, and what comes of it (Fetch Server API draft, "Error handling"): a response now or later, nothing,
 * something that is no response, or a throw. Each row of the draft's table is a branch here.
 */

import { responseOf } from '../../fetch/any-response.ts';
import { codeOf, protocolError } from '../../fetch/errors.ts';
import { isLightResponse } from '../../fetch/response.ts';
import { reportFault } from '../diagnostics.ts';
import type { Handlers } from './call-convention.ts';
import type { Exchange } from './exchange.ts';
import { dropResponse, sendResponse } from './response-writer.ts';

/** The answer to an upgrade (RFC 9110 §15.2.2). */
const SWITCHING_PROTOCOLS = 101;

type Callee = 'fetch' | 'connect' | 'error' | 'clientError';

/** What `error()` or `clientError()` is called for. The default answers differ by the callee that failed. */
interface Failure {
  readonly by: Callee;
  readonly error: unknown;
}

export class Invocation {
  readonly #exchange: Exchange;
  readonly #handlers: Handlers;
  readonly #callee: Callee;
  readonly #failure: Failure | undefined;

  constructor(exchange: Exchange, handlers: Handlers, callee: Callee, failure?: Failure) {
    this.#exchange = exchange;
    this.#handlers = handlers;
    this.#callee = callee;
    this.#failure = failure;
  }

  call(): void {
    let result: unknown;
    try {
      result = this.#handlers[this.#callee]!(this.#exchange, this.#failure?.error, this.#clientStatus ?? 0);
      if (!isLightResponse(result) && isThenable(result)) {
        // Touching a thenable may run any code; a promise runs none.
        const promise = result instanceof Promise ? result : Promise.resolve(result);
        promise.then(
          (value) => this.#onResult(value),
          (thrown) => this.#onThrow(thrown),
        );
        return;
      }
    } catch (thrown) {
      this.#onThrow(thrown);
      return;
    }
    this.#onResult(result);
  }

  #onResult(value: unknown): void {
    if (this.#exchange.isAborted) this.#exchange.wire.onHandlerEnd();
    let response: Response | undefined;
    try {
      response = responseOf(value);
    } catch (thrown) {
      this.#onThrow(thrown);
      return;
    }
    if (this.#callee === 'connect' && this.#exchange.fallsThrough) {
      if (value === undefined) this.#fallThrough();
      else this.#onThrow(new TypeError('connect() returned a value after it fell through'));
    } else if (response !== undefined) {
      this.#onResponse(response);
    } else if (value !== undefined || this.#mustReturn) {
      const returned = value === null ? 'null' : typeof value;
      this.#onThrow(new TypeError(`${this.#callee}() must return a Response; it returned ${returned}`));
    } else if (this.#isHook) {
      this.#answerFailure(this.#failure!);
    }
  }

  /** Called for a failure. Hooks may return nothing. */
  get #isHook(): boolean {
    return this.#failure !== undefined;
  }

  /** The status for a failure over what the client did; `undefined` for any other. */
  get #clientStatus(): number | undefined {
    return this.#failure && clientStatus(this.#exchange, this.#failure.error);
  }

  /** A hook may return nothing, and so may a handler that has answered already or can't answer any more. */
  get #mustReturn(): boolean {
    const { state } = this.#exchange;
    if (this.#isHook || state === 'denied' || state === 'aborted') return false;
    return !(
      state === 'committed' &&
      (this.#callee === 'connect' || this.#exchange.status === SWITCHING_PROTOCOLS)
    );
  }

  #onResponse(response: Response): void {
    const exchange = this.#exchange;
    if (exchange.isAborted) {
      dropResponse(response);
      return;
    }
    if (exchange.hasAnswered) {
      const isStandIn = this.#isStandIn(response);
      dropResponse(response);
      if (isStandIn) return;
      const error = new TypeError(`A response was returned when the exchange was ${exchange.state}`);
      reportFault(error, `${this.#callee}()`, exchange.head);
      return;
    }
    try {
      sendResponse(exchange, response)?.catch((thrown) => this.#onUnsendable(response, thrown));
    } catch (thrown) {
      this.#onUnsendable(response, thrown);
    }
  }

  /**
   * `fetch()` has to return something after `upgradeWebSocket()`, where its types ask for a Response. `connect()` may hand the
   * request to such a handler, and an empty response after the upgrade is no mistake there. Over HTTP/2 the upgrade is a 200.
   */
  #isStandIn(response: Response): boolean {
    const { status, head } = this.#exchange;
    if (this.#callee === 'fetch' && status === SWITCHING_PROTOCOLS) return true;
    const isWebSocket =
      head.connect?.protocol === 'websocket' && (status === SWITCHING_PROTOCOLS || status === 200);
    return isWebSocket && response.status === 200 && response.body === null;
  }

  /** The response can't be sent, and nothing of it was. */
  #onUnsendable(response: Response, thrown: unknown): void {
    dropResponse(response);
    this.#onThrow(thrown);
  }

  /** `connect()` has declined the upgrade: `fetch()` gets the request, with a new context. */
  #fallThrough(): void {
    this.#exchange.fallsThrough = false;
    this.#exchange.context = undefined;
    new Invocation(this.#exchange, this.#handlers, 'fetch').call();
  }

  #onThrow(error: unknown): void {
    const exchange = this.#exchange;
    const callee = this.#callee;
    if (exchange.isAborted) return exchange.wire.onHandlerEnd();
    if (exchange.hasAnswered) {
      reportFault(error, `${callee}() after its answer`, exchange.head);
      if (callee !== 'connect' || exchange.state === 'denied') return;
      exchange.wire.abort(protocolError('ERR_HTTP_CONNECT_ERROR', 'connect() failed after accept()', error));
    } else if (this.#isHook) {
      reportFault(error, `${callee}()`, exchange.head);
      this.#answerFailure(this.#failure!);
    } else {
      this.fail({ by: callee, error });
    }
  }

  /** What the client did wrong is no fault of the application: `error()` might answer it with 500. */
  fail(failure: Failure): void {
    const hook = clientStatus(this.#exchange, failure.error) === undefined ? 'error' : 'clientError';
    if (this.#handlers[hook] === undefined) this.#answerFailure(failure);
    else new Invocation(this.#exchange, this.#handlers, hook, failure).call();
  }

  /** The answer when the application gave none. No detail of the failure goes on the wire. */
  #answerFailure({ by, error }: Failure): void {
    const exchange = this.#exchange;
    if (!exchange.transition('refuse')) return;
    const fault = exchange.clientFault;
    if (fault !== undefined && fault.error === error) {
      exchange.sendPlain(fault.rejection.status, fault.rejection.sentence, fault.closes, fault.fields);
    } else if (codeOf(error) === 'ERR_HTTP_CONTENT_TOO_LARGE') {
      exchange.sendPlain(413, 'Content Too Large', true);
    } else {
      reportFault(error, `${by}()`, exchange.head);
      if (by === 'connect') exchange.sendPlain(502, 'Bad Gateway', false);
      else exchange.sendPlain(500, 'Internal Server Error', false);
    }
  }
}

function clientStatus({ clientFault }: Exchange, error: unknown): number | undefined {
  if (clientFault !== undefined && clientFault.error === error) return clientFault.rejection.status;
  return codeOf(error) === 'ERR_HTTP_CONTENT_TOO_LARGE' ? 413 : undefined;
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
