import { PreparedFields } from '../fetch/prepared.ts';
import { Response as LightResponse } from '../fetch/response.ts';
import { Deferred } from '../io/deferred.ts';
import type {
  FetchFunction,
  Handler,
  MarkedHandlerObject,
  PlainHandlerLiteral,
  PlainHandlerObject,
  ServerContext,
} from '../server/api.ts';
import { knownBody } from '../wrapping/known-body.ts';
import { type HandlerResult, isPromise, wrapHandler } from '../wrapping/wrap-handler.ts';
import { Gate } from './gate.ts';
import { type ConcurrencyOptions, settingsFor } from './options.ts';

export interface LimitCounts {
  /** Requests that the handler is processing, or whose response is still being sent. */
  readonly running: number;
  /** Requests in the queue. */
  readonly waiting: number;
  /** Requests answered 503 since the start: the queue was full, or they had waited for too long. */
  readonly refused: number;
}

/** The additional member of a limited handler. */
export interface Limited {
  /** The current counts. */
  readonly counts: LimitCounts;
}

/**
 * Limits `handler` to `concurrency` requests at once. Some more wait in a queue, and the rest get 503 (RFC 9110 §15.6.4) with
 * `Retry-After`: under overload a server answers as many requests as it can in time, instead of all of them too late.
 *
 * ```ts
 * const app = limit(handler, { concurrency: 100, queue: 100, maxWait: 2_000 });
 * serve(health(app, { limit: app }), { port: 8080 });
 * ```
 *
 * The result follows the same convention as `handler`: a function, a plain `{ fetch }`, or an object with
 * the protocol marker. Its `counts` say how full it is. `connect` and `error` are passed through uncounted.
 *
 * A request counts from the call of the handler until the handler has settled *and* its response is complete
 * (`ctx.completed`): a stream counts to its end. A handler that continues after its client has disconnected counts as well;
 * `request.signal` tells it to stop.
 *
 * While a request waits, its content is not read. If its client disconnects, it leaves the queue and the handler is never called.
 *
 * The connection stays open after a 503. Wrappers around a limit are not limited: put health checks there.
 *
 * @throws {TypeError} if `handler` is not a handler, or an option is missing, unknown or of the wrong type.
 * @throws {RangeError} for an option that is out of range.
 */
export function limit(handler: FetchFunction, options: ConcurrencyOptions): FetchFunction & Limited;
export function limit(
  handler: MarkedHandlerObject,
  options: ConcurrencyOptions,
): MarkedHandlerObject & Limited;
export function limit(
  handler: PlainHandlerLiteral,
  options: ConcurrencyOptions,
): PlainHandlerObject & Limited;
export function limit(handler: PlainHandlerObject, options: ConcurrencyOptions): PlainHandlerObject & Limited;
export function limit(handler: Handler, options: ConcurrencyOptions): Handler & Limited;
export function limit(handler: Handler, options: ConcurrencyOptions): Handler & Limited {
  const limiter = new Limiter(options);
  const limited = wrapHandler(handler, (next, _requestOf, ctx) => limiter.call(next, ctx));
  return Object.defineProperty(limited, 'counts', { get: () => limiter.counts }) as Handler & Limited;
}

class Limiter {
  #refused = 0;
  readonly #gate: Gate;
  readonly #maxWait: number;
  readonly #refusal: PreparedFields;
  readonly #leave = () => this.#gate.leave();

  constructor(options: ConcurrencyOptions) {
    const { concurrency, queue, maxWait, retryAfter } = settingsFor(options);
    this.#gate = new Gate(concurrency, queue);
    this.#maxWait = maxWait;
    this.#refusal = new PreparedFields({
      'Content-Type': 'text/plain',
      'Retry-After': String(retryAfter),
      'Cache-Control': 'no-store',
    });
  }

  get counts(): LimitCounts {
    const { running, waiting } = this.#gate;
    return { running, waiting, refused: this.#refused };
  }

  call(next: () => HandlerResult, ctx: ServerContext): HandlerResult {
    return this.#gate.enter() ? this.#run(next, ctx) : this.#wait(next, ctx);
  }

  #run(next: () => HandlerResult, ctx: ServerContext): HandlerResult {
    let answer: HandlerResult;
    try {
      answer = next();
    } catch (error) {
      this.#leaveWhenCompleted(ctx);
      throw error;
    }
    if (!isPromise(answer)) return this.#settle(answer, ctx);
    return answer.then(
      (given) => this.#settle(given, ctx),
      (error) => {
        this.#leaveWhenCompleted(ctx);
        throw error;
      },
    );
  }

  /** The handler has settled; its response may not be complete. */
  #settle(answer: Awaited<HandlerResult>, ctx: ServerContext): Awaited<HandlerResult> {
    // A response in one piece is sent by the end of this turn, so its completion needs no promise. But a waiting request
    // must not start before it has been sent.
    if (this.#gate.waiting === 0 && answer instanceof Response && isOnePiece(answer)) this.#gate.leave();
    else this.#leaveWhenCompleted(ctx);
    return answer;
  }

  #leaveWhenCompleted(ctx: ServerContext): void {
    ctx.completed.then(this.#leave, this.#leave);
  }

  #wait(next: () => HandlerResult, ctx: ServerContext): HandlerResult {
    const turn = new Deferred<HandlerResult>();
    let timer: NodeJS.Timeout | undefined;
    const start = () => {
      clearTimeout(timer);
      try {
        turn.resolve(this.#run(next, ctx));
      } catch (error) {
        turn.reject(error);
      }
    };
    if (!this.#gate.join(start)) return this.#refuse();
    // An exchange that ends while it waits has lost its client, so nothing of this response is sent.
    const onGone = () => {
      if (!this.#gate.withdraw(start)) return;
      clearTimeout(timer);
      turn.resolve(this.#unavailable());
    };
    ctx.completed.catch(onGone);
    if (this.#maxWait > 0) {
      timer = setTimeout(() => {
        this.#gate.withdraw(start);
        turn.resolve(this.#refuse());
      }, this.#maxWait);
    }
    return turn.promise as Promise<Awaited<HandlerResult>>;
  }

  #refuse(): Response {
    this.#refused++;
    return this.#unavailable();
  }

  #unavailable(): Response {
    return new LightResponse('Service Unavailable\n', { status: 503, headers: this.#refusal });
  }
}

/** Whether the response is not a stream. Reading `body` to find out would create one. */
const isOnePiece = (response: Response): boolean =>
  knownBody(response) !== undefined || [204, 205, 304].includes(response.status);
