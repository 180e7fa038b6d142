/** `docs/STREAM-STATES.md`: the states of an HTTP/2 stream, drawn. */
import { errorCodeName } from '../../src/http2/error-codes.ts';
import { HTTP2_ERRORS, type Http2ErrorReason } from '../../src/http2/errors.ts';
import { STREAM_EVENTS, STREAM_STATES, STREAM_TRANSITIONS } from '../../src/http2/stream/states.ts';
import { type StateTable, stateDiagram, stateTable } from './state-table.ts';

const TABLE: StateTable = {
  states: STREAM_STATES,
  events: STREAM_EVENTS,
  transitions: STREAM_TRANSITIONS,
  show: (outcome) => {
    if (outcome === 'ignored') return '_ignored_';
    if (outcome === 'misuse') return '**throws**';
    const { code, scope } = HTTP2_ERRORS[outcome as Http2ErrorReason];
    return `${errorCodeName(code)} (${scope})`;
  },
};

export function streamStatesPage(): string {
  return [
    '# The states of an HTTP/2 stream',
    '',
    '<!-- Generated from src/http2/stream/states.ts by `npm run docs`. -->',
    '',
    'Each stream carries one request and its response (RFC 9113 §5.1). Its state decides which frames either end may send.',
    'A frame of the peer that is not allowed is a stream error or a connection error. What this end must not send **throws**.',
    'A frame that comes too late, because a stream was reset in the meantime, is _ignored_.',
    '',
    '```mermaid',
    ...stateDiagram(TABLE),
    '```',
    '',
    ...stateTable(TABLE),
    '',
  ].join('\n');
}
