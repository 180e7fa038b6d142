/** The options of `inspector`, checked and with defaults. */
import { checkInteger, checkMembers, checkType } from '../options/checks.ts';
import type { RecorderLimits } from './recorder/recorder.ts';

export interface InspectorOptions {
  /** The port of the page, on 127.0.0.1. Default 0: a free one. */
  port?: number;
  /** Whether values of fields and of the query are shown whose names sound secret, such as Authorization and Cookie. Default false. */
  secrets?: boolean;
  /** Whether the content of requests and responses is shown. Default false. */
  bodies?: boolean;
  /** Exchanges that are kept; the oldest make room. Default 2,000. */
  maxExchanges?: number;
  /** Connections that are kept. While so many are open, no others are recorded. Default 1,000. */
  maxConnections?: number;
  /** Bytes of all that is kept. Default 32 MiB. */
  maxBytes?: number;
  /** Bytes that are kept of each direction of an exchange. Default 32 KiB. */
  maxExchangeBytes?: number;
  /** Exchanges that are recorded in a second; the others are counted. Default 500. */
  maxRate?: number;
}

export interface InspectorSettings extends RecorderLimits {
  readonly port: number;
  readonly secrets: boolean;
  readonly bodies: boolean;
}

const KIB = 1024;
const DEFAULTS: InspectorSettings = {
  ...{ port: 0, secrets: false, bodies: false },
  ...{ maxExchanges: 2_000, maxConnections: 1_000, maxBytes: 32 * KIB * KIB },
  ...{ maxExchangeBytes: 32 * KIB, maxRate: 500 },
};

const OPTIONS = [
  ...(['port', 'secrets', 'bodies', 'maxExchanges', 'maxConnections', 'maxBytes'] as const),
  ...(['maxExchangeBytes', 'maxRate'] as const),
] satisfies (keyof InspectorOptions)[];

const MOST = 2 ** 31 - 1;

/** @throws {TypeError | RangeError} naming the option and the value. */
export function resolveInspectorOptions(options: InspectorOptions = {}): InspectorSettings {
  checkMembers('options', options, OPTIONS);
  checkInteger('options.port', options.port, 0, 65_535);
  checkType('options.secrets', options.secrets, 'boolean');
  checkType('options.bodies', options.bodies, 'boolean');
  checkInteger('options.maxExchanges', options.maxExchanges, 1, MOST);
  checkInteger('options.maxConnections', options.maxConnections, 1, MOST);
  checkInteger('options.maxBytes', options.maxBytes, 64 * KIB, MOST);
  checkInteger('options.maxExchangeBytes', options.maxExchangeBytes, 256, MOST);
  checkInteger('options.maxRate', options.maxRate, 10, MOST);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}
