/** `server.fetch`: requests of this process, for tests. They meet the same handlers and rules as those of a connection. */
import { Origins } from '../fetch/request-url.ts';
import type { DeadlineSweep } from '../io/deadline.ts';
import { parseContentLength } from '../semantics/content-length.ts';
import { FieldSection } from '../semantics/field-section.ts';
import { listMembers } from '../semantics/field-syntax.ts';
import { REQUEST_REJECTIONS } from '../semantics/rejections.ts';
import type { ConnectRequest, RequestHead } from '../semantics/request-head.ts';
import { LocalWire } from './connection/local-wire.ts';
import { type Application, beginExchange } from './exchange/begin.ts';
import type { Handlers } from './exchange/call-convention.ts';
import type { ServerSettings } from './options.ts';
import type { Forwarding } from './proxy/forwarding.ts';
import type { Counters, ServerStatus } from './status.ts';

/** What requests take from their server. */
export interface LocalHost extends ServerStatus {
  readonly handlers: Handlers;
  readonly sweep: DeadlineSweep;
  readonly waitingFor: Set<unknown>;
  readonly counters: Counters;
  onWaitedFor(): void;
}

export class LocalRequests {
  readonly #host: LocalHost;
  readonly #settings: ServerSettings;
  readonly #running = new Set<LocalWire>();

  constructor(host: LocalHost, settings: ServerSettings) {
    this.#host = host;
    this.#settings = settings;
    host.sweep.tickFor([settings.timeouts.waitUntil]);
  }

  async fetch(request: Request): Promise<Response> {
    const isEncrypted = new URL(request.url).protocol === 'https:';
    const { content: maxContent } = this.#settings.messageLimits;
    const wire = new LocalWire({ request, isEncrypted, maxContent, onEnd: (ended) => this.#onEnd(ended) });
    this.#running.add(wire);
    // The server does not call itself closed before the response is complete.
    this.#host.waitingFor.add(wire);
    if (request.signal.aborted) wire.leave(request.signal.reason);
    else {
      const application = new LocalApplication(this.#host, this.#settings, isEncrypted);
      const declared = parseContentLength(request.headers.get('content-length') ?? '');
      const fault = maxContent > 0 && declared > maxContent ? REQUEST_REJECTIONS.ContentTooLarge : undefined;
      const isAnswered = fault === undefined || application.handlers.clientError !== undefined;
      const rejection = isAnswered ? beginExchange(wire, headOf(request), application, false, fault) : fault;
      if (rejection !== undefined) {
        wire.release();
        const { status, sentence } = rejection;
        return new Response(`${sentence}\n`, { status, headers: { 'Content-Type': 'text/plain' } });
      }
    }
    return wire.response;
  }

  destroy(error: unknown): void {
    for (const wire of [...this.#running]) wire.abort(error);
  }

  #onEnd(wire: LocalWire): void {
    this.#running.delete(wire);
    if (this.#host.waitingFor.delete(wire)) this.#host.onWaitedFor();
  }
}

class LocalApplication implements Application {
  readonly settings: ServerSettings;
  readonly handlers: Handlers;
  readonly origins: Origins;
  readonly defaultAuthority = 'localhost';
  readonly refusesLateRequests = false;
  readonly server: ServerStatus;
  readonly counters: Counters;
  readonly sweep: DeadlineSweep;
  readonly waitingFor: Set<unknown>;
  readonly #host: LocalHost;

  constructor(host: LocalHost, settings: ServerSettings, isEncrypted: boolean) {
    this.settings = settings;
    this.handlers = host.handlers;
    this.origins = new Origins(isEncrypted ? 'https' : 'http');
    this.server = host;
    this.counters = host.counters;
    this.sweep = host.sweep;
    this.waitingFor = host.waitingFor;
    this.#host = host;
  }

  get isBusy(): boolean {
    return this.#host.busy;
  }

  get forwarding(): Forwarding | undefined {
    return this.settings.proxy?.forwarding;
  }

  onWaitedFor(): void {
    this.#host.onWaitedFor();
  }
}

function headOf(request: Request): RequestHead {
  const { method, headers, body } = request;
  const { host, pathname, search } = new URL(request.url);
  const pairs = [...headers];
  if (!headers.has('host')) pairs.unshift(['host', host]);
  const fields = FieldSection.of(
    pairs.map(([name]) => name.toLowerCase()),
    pairs.map(([, value]) => value),
  );
  const path = pathname + search;
  const lines = pairs.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return {
    ...{ method, scheme: undefined, authority: headers.get('host') ?? host, path, fields, version: '1.1' },
    hasContent: body !== null,
    expectsContinue: false,
    connect: offeredUpgrade(headers),
    text: `${method} ${path} HTTP/1.1\r\n${lines}\r\n`,
  };
}

/** RFC 9110 §7.8: an offer is in both fields. */
function offeredUpgrade(headers: Headers): ConnectRequest | undefined {
  const [protocol] = listMembers((headers.get('upgrade') ?? '').toLowerCase());
  const options = listMembers((headers.get('connection') ?? '').toLowerCase());
  return protocol !== undefined && options.includes('upgrade') ? { protocol } : undefined;
}
