import { PreparedFields } from '../fetch/prepared.ts';
import { Response as LightResponse } from '../fetch/response.ts';
import type {
  FetchFunction,
  Handler,
  MarkedHandlerObject,
  PlainHandlerObject,
  ServerContext,
} from '../server/api.ts';
import { knownBody } from '../wrapping/known-body.ts';
import { type HandlerResult, isPromise, wrapHandler } from '../wrapping/wrap-handler.ts';
import { Gate } from './gate.ts';
import { type ConcurrencyOptions, settingsFor } from './options.ts';

export interface LimitCounts {
  /** Requests that the handler is busy with, or whose response is still being sent. */
  readonly running: number;
  /** Requests in line. */
  readonly waiting: number;
  /** Requests answered 503 since the start: the line was full, or they had waited too long. */
  readonly refused: number;
}

/** What a limited handler has besides. */
export interface Limited {
  /** As they are now. */
  readonly counts: LimitCounts;
}

/**
 * At most `concurrency` requests at once in `handler`, some more in line, and 503 (RFC 9110 §15.6.4) with Retry-After for
 * the rest: under overload a server answers as many as it can in good time, instead of all of them too late.
 *
 * ```ts
 * const app = limit(handler, { concurrency: 100, queue: 100, maxWait: 2_000 });
 * serve(health(app, { limit: app }), { port: 8080 });
 * ```
 *
 * What comes back follows the convention of what went in: a function, a plain `{ fetch, connect?, error? }`, or an object
 * with the protocol marker; `counts` tells how full it is. `connect` and `error` are passed through uncounted.
 *
 * **At once** is from the call until the handler has settled *and* its response is complete (`ctx.completed`): a stream holds
 * its place to its end. A handler that goes on after its client has gone holds its place, too; `request.signal` tells it.
 *
 * **In line**, the content of a request is not read. Whose client goes away leaves the line, and the handler never hears of it.
 *
 * The connection is kept after a 503. What stands around a limit is not limited: health checks belong there.
 *
 * @throws {TypeError} if `handler` is no handler, or an option is missing, unknown or of the wrong type.
 * @throws {RangeError} for an option that is out of range.
 */
export function limit(handler: FetchFunction, options: ConcurrencyOptions): FetchFunction & Limited;
export function limit(
  handler: MarkedHandlerObject,
  options: ConcurrencyOptions,
): MarkedHandlerObject & Limited;
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

  /** The handler is done; its response may not be. */
  #settle(answer: Awaited<HandlerResult>, ctx: ServerContext): Awaited<HandlerResult> {
    // What goes out in one piece has gone when this turn ends: no promise has to be made to know that. But whoever is next
    // in line shall not come before it.
    if (this.#gate.waiting === 0 && answer instanceof Response && isOnePiece(answer)) this.#gate.leave();
    else this.#leaveWhenCompleted(ctx);
    return answer;
  }

  #leaveWhenCompleted(ctx: ServerContext): void {
    ctx.completed.then(this.#leave, this.#leave);
  }

  #wait(next: () => HandlerResult, ctx: ServerContext): HandlerResult {
    let settle!: (answer: HandlerResult) => void;
    let timer: NodeJS.Timeout | undefined;
    const start = () => {
      clearTimeout(timer);
      try {
        settle(this.#run(next, ctx));
      } catch (error) {
        settle(Promise.reject(error));
      }
    };
    if (!this.#gate.join(start)) return this.#refuse();
    // The exchange ends before its turn has come only when its client has gone: nobody reads this answer.
    const onGone = () => {
      if (!this.#gate.withdraw(start)) return;
      clearTimeout(timer);
      settle(this.#unavailable());
    };
    ctx.completed.catch(onGone);
    if (this.#maxWait > 0) {
      timer = setTimeout(() => {
        this.#gate.withdraw(start);
        settle(this.#refuse());
      }, this.#maxWait);
    }
    return new Promise<Awaited<HandlerResult>>((resolve) => {
      settle = resolve;
    });
  }

  #refuse(): Response {
    this.#refused++;
    return this.#unavailable();
  }

  #unavailable(): Response {
    return new LightResponse('Service Unavailable\n', { status: 503, headers: this.#refusal });
  }
}

/** No stream, which may take its time. Asking for `body` would make one of what is none. */
const isOnePiece = (response: Response): boolean =>
  knownBody(response) !== undefined || [204, 205, 304].includes(response.status);
