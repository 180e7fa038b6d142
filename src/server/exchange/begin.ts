/** Where an exchange begins: a wire has a request's head, and the application gets the request or the client a refusal. */
import type { Origins } from '../../fetch/request-url.ts';
import type { Rejection } from '../../octets/rejection.ts';
import { REQUEST_REJECTIONS } from '../../semantics/rejections.ts';
import type { RequestHead } from '../../semantics/request-head.ts';
import { requestEnd, requestStart } from '../diagnostics.ts';
import type { Forwarding } from '../proxy/forwarding.ts';
import type { Handlers } from './call-convention.ts';
import { ConnectExchangeContext } from './connect-context.ts';
import { Exchange, type ExchangeHost } from './exchange.ts';
import { Invocation } from './invocation.ts';
import type { Wire } from './wire.ts';

/** Everything that exchanges share: the handlers, and what a request needs before one is called. */
export interface Application extends ExchangeHost {
  readonly handlers: Handlers;
  readonly origins: Origins;
  /** Replaces the Host of an HTTP/1.0 request that has none. */
  readonly defaultAuthority: string;
  readonly forwarding: Forwarding | undefined;
  /** New exchanges are answered 503. */
  readonly isBusy: boolean;
  /** ... and their connections are closed with it. */
  readonly refusesLateRequests: boolean;
}

/**
 * Begins the exchange for a request, unless the request is refused before the application hears of it.
 *
 * @param isTurnedAway the connection was accepted only to be answered 503 (RFC 9110 §15.6.4).
 * @param fault what is wrong with the content: `clientError()` is called in place of `fetch()`.
 * @returns why the wire has to refuse the request; `undefined` when the exchange has begun.
 */
export function beginExchange(
  wire: Wire,
  head: RequestHead,
  application: Application,
  isTurnedAway: boolean,
  fault?: Rejection,
): Rejection | undefined {
  const { handlers } = application;
  const authority = head.authority === '' ? application.defaultAuthority : head.authority;
  const { forwarding } = application;
  const forwarded = forwarding?.of(head, authority, wire.addresses.remoteAddress);
  const origin = forwarded === undefined ? application.origins.of(authority) : forwarded.origin;
  if (origin === undefined) return REQUEST_REJECTIONS.HostSyntax;
  // RFC 9110 §7.4: the resource belongs to another scheme than the one of this connection, which is not from a trusted gateway.
  const scheme = wire.security.encrypted ? 'https' : 'http';
  if (head.scheme !== undefined && head.scheme !== scheme) {
    if (forwarding?.allowsScheme(head, wire.addresses.remoteAddress) !== true)
      return REQUEST_REJECTIONS.Misdirected;
  }
  if (head.connect?.protocol === null) {
    // Without a handler there is no tunnel, and what follows the head is the tunnel's (RFC 9110 §9.3.6).
    if (handlers.connect === undefined) return REQUEST_REJECTIONS.ConnectNotImplemented;
    if (head.hasContent) return REQUEST_REJECTIONS.ConnectWithContent;
  }
  const exchange = new Exchange(wire, application, head, origin, forwarded?.remoteAddress);
  wire.carry(exchange);
  if (head.connect !== undefined && handlers.connect !== undefined)
    exchange.context = new ConnectExchangeContext(exchange);
  if (requestStart.hasSubscribers || requestEnd.hasSubscribers) exchange.startTime = performance.now();
  if (requestStart.hasSubscribers) {
    const { description } = exchange;
    // The handler, and all that it begins, runs in the stores that are bound to the channel.
    requestStart.runStores(description, answerTo, undefined, exchange, application, isTurnedAway, fault);
  } else answerTo(exchange, application, isTurnedAway, fault);
  return undefined;
}

function answerTo(
  exchange: Exchange,
  application: Application,
  isTurnedAway: boolean,
  fault: Rejection | undefined,
): void {
  const { handlers } = application;
  const isConnect = exchange.head.connect !== undefined && handlers.connect !== undefined;
  application.counters.requestsStarted++;
  if (isTurnedAway || application.isBusy) {
    application.counters.requestsRefused++;
    exchange.transition('refuse');
    exchange.sendPlain(503, 'Service Unavailable', isTurnedAway || application.refusesLateRequests);
  } else if (fault !== undefined) {
    exchange.onContentRejected(fault);
    new Invocation(exchange, handlers, 'fetch').fail({ by: 'fetch', error: exchange.clientFault!.error });
  } else {
    new Invocation(exchange, handlers, isConnect ? 'connect' : 'fetch').call();
  }
}
