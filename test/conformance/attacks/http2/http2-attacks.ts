/**
 * Attacks on HTTP/2 that cost the server more than the client: each as frames that a client repeats, and the end that the server
 * gives to them. `attacks.test.ts` runs each for a moment, `npm run endurance -- http2-attacks` from many connections for seconds.
 */
import { CANCEL, NO_ERROR } from '../../../../src/http2/error-codes.ts';
import { END_HEADERS, END_STREAM } from '../../../../src/http2/frame/frame-types.ts';
import {
  added,
  block,
  continuation,
  data,
  frame,
  get,
  goAway,
  headers,
  join,
  ping,
  post,
  priority,
  priorityUpdate,
  request,
  reset,
  settings,
  windowUpdate,
} from '../../../http2/frames.ts';

export interface Http2Attack {
  readonly name: string;
  /** Where it was seen. */
  readonly seen: string;
  /** What the client begins with, after its preface and SETTINGS. */
  readonly opening?: Uint8Array;
  /** The settings of the client. */
  readonly settings?: readonly (readonly [identifier: number, value: number])[];
  /** The frames of each round; rounds are numbered from 0. */
  readonly round: (number: number) => Uint8Array;
  /** Rounds after which the server must have ended the connection, or for which it must serve it. */
  readonly rounds: number;
  /** The code of GOAWAY; `undefined` if the connection goes on. */
  readonly code: string | undefined;
  /** The client does not read. */
  readonly isDeaf?: boolean;
  /** The code that stops it. */
  readonly stoppedBy: string;
}

/** The stream of a round, if each has one. */
const stream = (round: number) => 2 * round + 1;
const never = (round: number) => get(stream(round), '/never');

const CALM = 'ENHANCE_YOUR_CALM';
const INITIAL_WINDOW_SIZE = 4;
const LARGEST_WINDOW = 0x7fff_ffff;

const REQUEST = block(request());
/** A field of 3,000 octets that is added to the table. */
const HELD = join(REQUEST, added('bomb', 'b'.repeat(3_000)));
/** A block that names it 16,000 times: 48 MB of text. */
const BOMB = join(REQUEST, new Uint8Array(16_000).fill(0xbe));

export const HTTP2_ATTACKS: readonly Http2Attack[] = [
  {
    name: 'rapid reset',
    seen: 'CVE-2023-44487',
    round: (i) => join(never(i), reset(stream(i), CANCEL)),
    ...{ rounds: 1_001, code: CALM, stoppedBy: 'http2/connection.ts #onReset, rate `resets`' },
  },
  {
    name: 'made you reset, WINDOW_UPDATE by 0',
    seen: 'CVE-2025-8671',
    round: (i) => join(never(i), windowUpdate(stream(i), 0)),
    ...{ rounds: 1_001, code: CALM, stoppedBy: 'http2/connection.ts fault, rate `streamErrors`' },
  },
  {
    name: 'made you reset, window overflow',
    seen: 'CVE-2025-8671',
    round: (i) => join(never(i), windowUpdate(stream(i), LARGEST_WINDOW)),
    ...{ rounds: 1_001, code: CALM, stoppedBy: 'http2/connection.ts fault, rate `streamErrors`' },
  },
  {
    name: 'made you reset, DATA behind the end',
    seen: 'CVE-2025-8671',
    round: (i) => join(never(i), data(stream(i), 'x')),
    ...{ rounds: 1_001, code: CALM, stoppedBy: 'http2/connection.ts fault, rate `streamErrors`' },
  },
  {
    name: 'made you reset, PRIORITY of 4 octets',
    seen: 'CVE-2025-8671',
    round: (i) => join(never(i), frame(2, 0, stream(i), new Uint8Array(4))),
    ...{ rounds: 1_001, code: CALM, stoppedBy: 'http2/connection.ts fault, rate `streamErrors`' },
  },
  {
    name: 'malformed requests',
    seen: 'zero-length headers, CVE-2019-9516',
    round: (i) => headers(stream(i), [...request(), ['', '']]),
    ...{ rounds: 1_001, code: CALM, stoppedBy: 'http2/connection.ts fault, rate `streamErrors`' },
  },
  {
    name: 'more streams than allowed',
    seen: 'CVE-2019-9514',
    round: (i) => post(stream(i), '/never'),
    ...{ rounds: 1_129, code: CALM, stoppedBy: 'http2/server-connection.ts #refusal, rate `streamErrors`' },
  },
  {
    name: 'CONTINUATION flood, an octet each',
    seen: 'CVE-2024-27316 (httpd), CVE-2023-45288 (Go), CVE-2024-27983 (Node.js)',
    opening: headers(1, REQUEST, END_STREAM),
    round: () => continuation(1, new Uint8Array(1), 0),
    ...{ rounds: 65, code: CALM, stoppedBy: 'http2/head/header-block.ts, frames of a block' },
  },
  {
    name: 'CONTINUATION flood, empty',
    seen: 'CVE-2019-9518',
    opening: headers(1, REQUEST, END_STREAM),
    round: () => continuation(1, new Uint8Array(0), 0),
    ...{ rounds: 2, code: CALM, stoppedBy: 'http2/head/header-block.ts, empty frames of a block' },
  },
  {
    name: 'CONTINUATION flood, full',
    seen: 'CVE-2024-27316 (httpd)',
    opening: headers(1, REQUEST, END_STREAM),
    round: () => continuation(1, new Uint8Array(16_384).fill(0x82), 0),
    ...{ rounds: 5, code: CALM, stoppedBy: 'http2/head/header-block.ts, octets of a block' },
  },
  {
    name: 'HPACK bomb',
    seen: 'CVE-2016-1544 (nghttp2)',
    opening: headers(1, HELD),
    round: (i) => headers(stream(i + 1), BOMB),
    ...{ rounds: 40, code: undefined, stoppedBy: 'hpack/decoder.ts decode, size of the list' },
  },
  {
    name: 'field sections that are too large',
    seen: 'CVE-2019-9516',
    round: (i) =>
      headers(stream(i), join(REQUEST, block([['x', 'y'.repeat(16_300)]])), END_HEADERS | END_STREAM),
    ...{ rounds: 40, code: undefined, stoppedBy: 'http2/server-connection.ts #refuseUnread: 431' },
  },
  {
    name: 'SETTINGS flood',
    seen: 'CVE-2019-9515',
    round: () => settings(),
    ...{ rounds: 101, code: CALM, stoppedBy: 'http2/control-frames.ts onSettings, rate `settings`' },
  },
  {
    name: 'window size by SETTINGS, up and down',
    seen: 'CVE-2019-9515',
    opening: join(...Array.from({ length: 100 }, (_, i) => get(stream(i), '/never'))),
    round: (i) => settings([INITIAL_WINDOW_SIZE, i % 2 === 0 ? 0 : LARGEST_WINDOW]),
    ...{ rounds: 101, code: CALM, stoppedBy: 'http2/control-frames.ts onSettings, rate `settings`' },
  },
  {
    name: 'PING flood',
    seen: 'CVE-2019-9512',
    round: () => ping(),
    ...{ rounds: 1_001, code: CALM, stoppedBy: 'http2/control-frames.ts onPing, rate `pings`' },
  },
  {
    name: 'PING flood by a client that does not read',
    seen: 'CVE-2019-9512',
    round: () => ping(),
    ...{ rounds: 1_001, code: CALM, isDeaf: true },
    stoppedBy: 'http2/control-frames.ts onPing, countAnswer',
  },
  {
    name: 'PRIORITY flood, idle streams',
    seen: 'CVE-2019-9513',
    round: (i) => priority(stream(i), 0),
    ...{ rounds: 1_001, code: CALM, stoppedBy: 'http2/control-frames.ts onPriority, rate `priorities`' },
  },
  {
    name: 'PRIORITY_UPDATE flood, idle streams',
    seen: 'RFC 9218 §7.1',
    round: (i) => priorityUpdate(stream(i), 'u=1'),
    ...{ rounds: 1_001, code: CALM },
    stoppedBy: 'http2/server-connection.ts onPriorityUpdate, rate `priorityUpdates`',
  },
  {
    name: 'empty DATA',
    seen: 'CVE-2019-9518',
    opening: post(1, '/never'),
    round: () => data(1, '', 0),
    ...{ rounds: 101, code: CALM, stoppedBy: 'http2/connection.ts #onData, rate `emptyFrames`' },
  },
  {
    name: 'empty DATA on a stream that was reset',
    seen: 'CVE-2019-9518',
    opening: join(post(1, '/never'), windowUpdate(1, 0)),
    round: () => data(1, '', 0),
    ...{ rounds: 1_001, code: CALM, stoppedBy: 'http2/connection.ts #onStrayData, rate `streamErrors`' },
  },
  {
    name: 'WINDOW_UPDATE flood',
    seen: 'CVE-2019-9511',
    round: () => windowUpdate(0, 1),
    ...{
      rounds: 1_001,
      code: CALM,
      stoppedBy: 'http2/control-frames.ts onWindowUpdate, rate `windowUpdates`',
    },
  },
  {
    name: 'content taken octet by octet (data dribble)',
    seen: 'CVE-2019-9511',
    settings: [[INITIAL_WINDOW_SIZE, 0]],
    opening: get(1, '/large'),
    round: () => windowUpdate(1, 1),
    ...{
      rounds: 1_001,
      code: CALM,
      stoppedBy: 'http2/control-frames.ts onWindowUpdate, rate `windowUpdates`',
    },
  },
  {
    name: 'frames of unknown types',
    seen: 'RFC 9113 §10.5',
    round: () => frame(0x77, 0, 0, new Uint8Array(100)),
    ...{ rounds: 1_001, code: CALM, stoppedBy: 'http2/connection.ts #onFrame, rate `unknownFrames`' },
  },
  {
    name: 'GOAWAY flood',
    seen: 'RFC 9113 §10.5',
    round: () => goAway(0, NO_ERROR),
    ...{ rounds: 11, code: CALM, stoppedBy: 'http2/connection.ts #onGoAway, rate `goAways`' },
  },
  {
    name: "overflow of the connection's window",
    seen: 'RFC 9113 §6.9.1',
    round: () => windowUpdate(0, LARGEST_WINDOW),
    ...{ rounds: 1, code: 'FLOW_CONTROL_ERROR', stoppedBy: 'http2/control-frames.ts onWindowUpdate' },
  },
  {
    name: 'overflow of windows by SETTINGS',
    seen: 'RFC 9113 §6.9.2',
    opening: join(get(1, '/never'), windowUpdate(1, 1)),
    round: () => settings([INITIAL_WINDOW_SIZE, LARGEST_WINDOW]),
    ...{ rounds: 1, code: 'FLOW_CONTROL_ERROR', stoppedBy: 'http2/control-frames.ts onSettings' },
  },
  {
    name: 'windows that stay closed (zero window)',
    seen: 'CVE-2019-9517',
    settings: [[INITIAL_WINDOW_SIZE, 0]],
    round: (i) => (i < 128 ? get(stream(i), '/large') : new Uint8Array(0)),
    ...{
      rounds: 128,
      code: undefined,
      stoppedBy: 'server/connection/http2-wire.ts onDeadline, `timeouts.send`',
    },
  },
  {
    name: 'a connection that is not read (slow read)',
    seen: 'CVE-2019-9517',
    settings: [[INITIAL_WINDOW_SIZE, LARGEST_WINDOW]],
    opening: windowUpdate(0, LARGEST_WINDOW - 65_535),
    round: (i) => (i < 128 ? get(stream(i), '/large') : new Uint8Array(0)),
    ...{ rounds: 128, code: undefined, isDeaf: true },
    stoppedBy: 'server/connection/http2-connection.ts onDeadline, `timeouts.send`',
  },
];
