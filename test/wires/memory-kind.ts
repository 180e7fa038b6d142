/** The memory wire, driven as the other wires are: `beginExchange` is all of the server that stands behind it. */
import { Origins } from '../../src/fetch/request-url.ts';
import { systemClock } from '../../src/io/clock.ts';
import { DeadlineSweep } from '../../src/io/deadline.ts';
import { FieldSection } from '../../src/semantics/field-section.ts';
import type { RequestHead } from '../../src/semantics/request-head.ts';
import { beginExchange } from '../../src/server/exchange/begin.ts';
import { resolveHandlers } from '../../src/server/exchange/call-convention.ts';
import { resolveSettings } from '../../src/server/options.ts';
import { Counters } from '../../src/server/status.ts';
import { latin1 } from '../support/each-split.ts';
import { MemoryWire, type SentHead } from '../support/memory-wire.ts';
import type { Peer, ReceivedHead, RunningWire, SentRequest, WireKind } from './wire-kind.ts';

export const memory: WireKind = {
  name: 'memory',
  alpnProtocol: 'memory',
  encrypted: false,
  hasBackPressure: true,
  limitsContent: false,
  async start(handler, options = {}): Promise<RunningWire> {
    const settings = resolveSettings(options, {});
    const counters = new Counters();
    const application = {
      settings,
      counters,
      handlers: resolveHandlers(handler),
      origins: new Origins('http'),
      defaultAuthority: 'memory',
      forwarding: settings.proxy?.forwarding,
      isBusy: false,
      refusesLateRequests: false,
      sweep: new DeadlineSweep(systemClock),
      waitingFor: new Set<unknown>(),
      onWaitedFor: () => {},
      server: {
        listening: true,
        draining: false,
        drainSignal: new AbortController().signal,
        busy: false,
        counts: { connections: 1, connectionsWaiting: 0, ...counters },
      },
    };
    const begin = (sent: SentRequest, connect?: { protocol: string | null }): Exchanged => {
      const exchanged = new Exchanged(sent.method ?? 'GET', sent.content !== undefined);
      const rejection = beginExchange(exchanged.wire, headOf(sent, connect), application, false);
      if (rejection !== undefined) exchanged.refuse(rejection.status);
      return exchanged;
    };
    return {
      ask(sent) {
        const exchanged = begin(sent);
        const { content } = sent;
        if (content === undefined || content === 'later') return exchanged;
        if (content.length > 0) exchanged.send(content);
        exchanged.wire.end(sent.trailers);
        return exchanged;
      },
      async openTunnel(protocol, fields = {}) {
        const [method, path] = protocol === undefined ? ['CONNECT', ''] : ['GET', '/'];
        const exchanged = begin({ method, path, fields }, { protocol: protocol ?? null });
        const head = await exchanged.head();
        const { tunnel } = exchanged.wire;
        if (tunnel === undefined) throw head;
        return { head, octets: tunnel };
      },
      setBusy: (isBusy) => {
        application.isBusy = isBusy;
      },
      async [Symbol.asyncDispose]() {},
    };
  },
};

function headOf(sent: SentRequest, connect: RequestHead['connect']): RequestHead {
  const { method = 'GET', path = '/', fields = {}, content } = sent;
  const lines = Object.entries({ host: 'memory', ...fields })
    .flatMap(([name, values]) => [values].flat().map((value) => `${name}: ${value}\r\n`))
    .join('');
  const section = new FieldSection(`${lines}\r\n`);
  return {
    method,
    scheme: undefined,
    authority: section.get('host') ?? '',
    path,
    fields: section,
    version: '1.1',
    hasContent: content !== undefined,
    expectsContinue: section.get('expect') === '100-continue',
    connect,
    text: `${method} ${path} HTTP/1.1\r\n${lines}\r\n`,
  };
}

class Exchanged implements Peer {
  readonly wire: MemoryWire;
  #waiting: (() => void)[] = [];
  #refusal: ReceivedHead | undefined;

  constructor(method: string, hasContent: boolean) {
    this.wire = new MemoryWire(method, hasContent, () => this.#wake());
  }

  refuse(status: number): void {
    this.#refusal = { status, fields: {} };
  }

  get interims(): ReceivedHead[] {
    return this.wire.interims.map(shown);
  }

  async head(): Promise<ReceivedHead> {
    await this.#until(() => this.#refusal !== undefined || this.wire.head !== undefined);
    return this.#refusal ?? shown(this.wire.head!);
  }

  async content(): Promise<string> {
    await this.head();
    this.resume();
    await this.#until(() => this.#refusal !== undefined || this.wire.isReleased);
    return this.wire.content;
  }

  async trailers(): Promise<Record<string, string>> {
    await this.content();
    return fieldsOf(this.wire.trailers);
  }

  send(octets: string | Uint8Array): void {
    this.wire.arrive(typeof octets === 'string' ? latin1(octets) : octets);
  }

  end(): void {
    this.wire.end();
  }

  pause(): void {
    this.wire.isStalled = true;
  }

  resume(): void {
    this.wire.resume();
  }

  leave(): void {
    this.wire.leave();
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.wire.error !== undefined) throw this.wire.error;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

const shown = ({ status, fields }: SentHead): ReceivedHead => ({ status, fields: fieldsOf(fields) });

function fieldsOf(section: FieldSection | undefined): Record<string, string> {
  const fields: Record<string, string> = {};
  section?.names.forEach((name, i) => {
    const value = section.values[i]!;
    const separator = name === 'set-cookie' ? '\n' : ', ';
    fields[name] = fields[name] === undefined ? value : `${fields[name]}${separator}${value}`;
  });
  return fields;
}
