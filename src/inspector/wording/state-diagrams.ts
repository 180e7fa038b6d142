/** The states of an exchange and of its stream as diagrams, from the tables that the server itself obeys, with the way that was taken. */
import { sourceUrl } from '../../annotation/field-notes.ts';
import * as types from '../../http2/frame/frame-types.ts';
import {
  isStreamState,
  STREAM_EVENTS,
  STREAM_STATES,
  STREAM_TRANSITIONS,
  type StreamEvent,
  type StreamOutcome,
  type StreamState,
} from '../../http2/stream/states.ts';
import {
  EXCHANGE_OPERATIONS,
  EXCHANGE_STATES,
  EXCHANGE_TRANSITIONS,
  type ExchangeOperation,
} from '../../server/observer.ts';
import type { ExchangeRow, StateDiagram, StateEdge, StateStep } from '../messages.ts';
import type { Frame } from '../recorder/frame-reader.ts';

const OPERATIONS: Readonly<Record<ExchangeOperation, string>> = {
  sendInformational: 'the handler sent an interim response',
  respond: 'the handler responded',
  accept: 'the handler took the connection for another protocol',
  deny: 'the handler declined',
  continue: 'the server sent 100 (Continue)',
  refuse: 'the server answered in place of the handler',
  abort: 'the client has gone, or took too long',
};

const EVENTS: Readonly<Record<StreamEvent, string>> = {
  sendHeaders: 'the server sent HEADERS',
  sendData: 'the server sent DATA',
  sendEnd: 'the server set END_STREAM',
  sendReset: 'the server sent RST_STREAM',
  receiveHeaders: 'the client sent HEADERS',
  receiveData: 'the client sent DATA',
  receiveEnd: 'the client set END_STREAM',
  receiveReset: 'the client sent RST_STREAM',
  receiveWindowUpdate: 'the client sent WINDOW_UPDATE',
};

export function exchangeDiagram({ states, headAt, arrivedAt }: ExchangeRow): StateDiagram {
  let from: string = EXCHANGE_STATES[0];
  const steps = new Steps(arrivedAt);
  for (const { at, operation, state } of states) {
    steps.add({ at, event: operation, from, to: state, note: OPERATIONS[operation as ExchangeOperation] });
    from = state;
  }
  return {
    title: 'The exchange',
    note: 'What a handler, the server and the client may do with a request and its response.',
    states: EXCHANGE_STATES,
    edges: edgesOf(EXCHANGE_STATES, EXCHANGE_OPERATIONS, EXCHANGE_TRANSITIONS),
    began: { after: headAt - arrivedAt, note: 'the head was complete' },
    steps: steps.list,
  };
}

/** @param frames of the stream, in their order. */
export function streamDiagram(row: ExchangeRow, frames: readonly Frame[], omitted: number): StateDiagram {
  const steps = new Steps(row.arrivedAt);
  let state: StreamState = STREAM_STATES[0];
  for (const frame of frames) {
    for (const event of eventsOf(frame)) {
      const outcome: StreamOutcome = STREAM_TRANSITIONS[state][event];
      if (outcome === 'ignored' || outcome === 'misuse') continue;
      const isLegal = isStreamState(outcome);
      const note = isLegal ? EVENTS[event] : `${EVENTS[event]}, which is an error here: ${outcome}`;
      steps.add({ at: frame.at, event, from: state, to: isLegal ? outcome : undefined, note });
      if (isLegal) state = outcome;
    }
  }
  const source = 'RFC 9113 §5.1';
  return {
    title: `Stream ${row.stream}`,
    note: omitted === 0 ? 'Which frames either end may send.' : `${omitted} of its frames were not kept.`,
    link: { source, url: sourceUrl(source) },
    states: STREAM_STATES,
    edges: edgesOf(STREAM_STATES, STREAM_EVENTS, STREAM_TRANSITIONS),
    began: { after: 0, note: 'no frame of the stream had come' },
    steps: steps.list,
  };
}

/** What a frame means for its stream. Its end is an event of its own, after the frame (RFC 9113 §5.1). */
function eventsOf({ direction, type, octets }: Frame): StreamEvent[] {
  const isSent = direction === 'sent';
  const end: StreamEvent[] = (octets[4]! & types.END_STREAM) === 0 ? [] : [isSent ? 'sendEnd' : 'receiveEnd'];
  switch (type) {
    case types.HEADERS:
      return [isSent ? 'sendHeaders' : 'receiveHeaders', ...end];
    case types.DATA:
      return [isSent ? 'sendData' : 'receiveData', ...end];
    case types.RST_STREAM:
      return [isSent ? 'sendReset' : 'receiveReset'];
    case types.WINDOW_UPDATE:
      return isSent ? [] : ['receiveWindowUpdate'];
    default:
      return [];
  }
}

function edgesOf<State extends string, Event extends string>(
  states: readonly State[],
  events: readonly Event[],
  transitions: Readonly<Record<State, Readonly<Record<Event, string>>>>,
): StateEdge[] {
  return states.flatMap((from) =>
    states.flatMap((to) => {
      const some = events.filter((event) => transitions[from][event] === to);
      return some.length === 0 ? [] : [{ from, to, events: some }];
    }),
  );
}

/** What happens several times in a row is one step. */
class Steps {
  readonly list: StateStep[] = [];
  readonly #start: number;

  constructor(start: number) {
    this.#start = start;
  }

  add({ at, event, from, to, note }: Omit<StateStep, 'after' | 'times'> & { at: number }): void {
    const last = this.list.at(-1);
    if (last !== undefined && last.event === event && last.from === from && last.to === to)
      this.list[this.list.length - 1] = { ...last, times: last.times + 1 };
    else this.list.push({ after: at - this.#start, event, from, to, note, times: 1 });
  }
}
