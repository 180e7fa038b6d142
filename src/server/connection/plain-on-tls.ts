/** The service for a client that speaks plain HTTP to a TLS port: it is told where to go, and nothing is served. */
import { Rejection } from '../../octets/rejection.ts';
import type { RequestHead } from '../../semantics/request-head.ts';
import type { Wire } from '../exchange/wire.ts';
import type { ServerSettings } from '../options.ts';
import type { LiveConnection, Service } from '../service.ts';

/** Longer ones are left out of the answer. */
const MOST_SHOWN = 200;

export class PlainOnTls implements Service {
  readonly refusesLateRequests = true;
  readonly isClosing = true;
  readonly acceptsTunnels = false;
  readonly answersClientFaults = false;
  readonly tls = undefined;
  readonly settings: ServerSettings;
  readonly counters;
  readonly sweep;
  readonly scanners;
  readonly socketPath: string | undefined;
  readonly #service: Service;

  constructor(service: Service) {
    this.settings = service.settings;
    this.counters = service.counters;
    this.sweep = service.sweep;
    this.scanners = service.scanners;
    this.socketPath = service.socketPath;
    this.#service = service;
  }

  /** Not a redirect: a program that follows it would not notice that its first request went over the network in the clear. */
  begin(_wire: Wire, { authority, path }: RequestHead): Rejection {
    const url = `https://${authority}${path === '*' ? '/' : path}`;
    const where = authority === '' || url.length > MOST_SHOWN ? 'a URL that begins with https://' : url;
    const sentence = `This port speaks HTTPS, and the request came in plain HTTP. Use ${where}`;
    return new Rejection('PlainHttpOnTls', { status: 400, section: 'RFC 9110 §4.2.2', sentence });
  }

  onConnectionClose(connection: LiveConnection): void {
    this.#service.onConnectionClose(connection);
  }
}
