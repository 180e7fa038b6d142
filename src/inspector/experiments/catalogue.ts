/** The experiments, in the order in which they build on each other. */
import type { Experiment } from './experiment.ts';
import { chunked } from './trials/chunked.ts';
import { codings } from './trials/codings.ts';
import { expectContinue } from './trials/expect-continue.ts';
import { http2Streams } from './trials/http2-streams.ts';
import { http10, http10KeepAlive } from './trials/http10.ts';
import { pipelining } from './trials/pipelining.ts';
import { slowClient } from './trials/slow-client.ts';
import { smuggling } from './trials/smuggling.ts';
import { oneConnection, twoConnections } from './trials/two-requests.ts';
import { webSocket } from './trials/websocket.ts';

export const EXPERIMENTS: readonly Experiment[] = [
  ...[oneConnection, twoConnections, http10, http10KeepAlive, pipelining],
  ...[chunked, expectContinue, codings],
  ...[slowClient, smuggling],
  ...[http2Streams, webSocket],
];
