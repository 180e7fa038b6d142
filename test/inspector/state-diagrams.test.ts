import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DATA, END_STREAM, HEADERS, RST_STREAM, WINDOW_UPDATE } from '../../src/http2/frame/frame-types.ts';
import { STREAM_TRANSITIONS } from '../../src/http2/stream/states.ts';
import type { ExchangeRow, StateDiagram } from '../../src/inspector/messages.ts';
import { BOX_HEIGHT, layoutOf, WIDTH } from '../../src/inspector/page/state-layout.ts';
import type { Frame } from '../../src/inspector/recorder/frame-reader.ts';
import { exchangeDiagram, streamDiagram } from '../../src/inspector/wording/state-diagrams.ts';
import { EXCHANGE_TRANSITIONS } from '../../src/server/observer.ts';

const ROW: ExchangeRow = {
  ...{ id: 1, connection: 1, stream: 3, method: 'GET', path: '/', version: '2' },
  ...{ arrivedAt: 10, beganAt: 10, headAt: 11, status: 200, state: 'committed', received: 0, sent: 0 },
  states: [
    { at: 12, operation: 'continue', state: 'informational' },
    { at: 15, operation: 'respond', state: 'committed' },
  ],
};

function frame(direction: Frame['direction'], type: number, flags: number, at: number): Frame {
  const octets = new Uint8Array([0, 0, 0, type, flags, 0, 0, 0, 3]);
  return { direction, at, type, stream: 3, offset: 0, octets, omitted: 0, endsRequest: false };
}

const stepsOf = ({ steps }: StateDiagram): string[] =>
  steps.map(({ from, event, to, times, after }) => `${from} ${event} ${to} ×${times} at ${after}`);

describe('the states that the inspector draws', () => {
  it('have an edge for each operation of the table of exchanges that leads to a state', () => {
    const { edges } = exchangeDiagram(ROW);
    for (const [from, row] of Object.entries(EXCHANGE_TRANSITIONS)) {
      for (const [event, to] of Object.entries(row)) {
        const isDrawn = edges.some((edge) => edge.from === from && edge.events.includes(event));
        assert.equal(isDrawn, to !== 'throws' && to !== 'discarded', `${from} ${event}`);
      }
    }
  });

  it('tell the way of an exchange, with times after the first octet', () => {
    assert.deepEqual(stepsOf(exchangeDiagram(ROW)), [
      'open continue informational ×1 at 2',
      'informational respond committed ×1 at 5',
    ]);
  });

  it('RFC 9113 §5.1: tell the way of a stream from its frames', () => {
    const frames = [
      frame('received', HEADERS, 0, 10),
      frame('received', DATA, 0, 11),
      frame('received', DATA, END_STREAM, 12),
      frame('sent', WINDOW_UPDATE, 0, 12),
      frame('sent', HEADERS, 0, 13),
      frame('sent', DATA, END_STREAM, 14),
      frame('received', WINDOW_UPDATE, 0, 15),
    ];
    assert.deepEqual(stepsOf(streamDiagram(ROW, frames, 0)), [
      'idle receiveHeaders open ×1 at 0',
      'open receiveData open ×2 at 1',
      'open receiveEnd half-closed (remote) ×1 at 2',
      'half-closed (remote) sendHeaders half-closed (remote) ×1 at 3',
      'half-closed (remote) sendData half-closed (remote) ×1 at 4',
      'half-closed (remote) sendEnd closed ×1 at 4',
    ]);
  });

  it('RFC 9113 §5.1: name the error of a frame that the state forbids', () => {
    const frames = [
      frame('received', HEADERS, END_STREAM, 10),
      frame('received', DATA, 0, 11),
      frame('sent', RST_STREAM, 0, 12),
    ];
    const diagram = streamDiagram(ROW, frames, 0);
    assert.equal(diagram.steps[2]!.to, undefined);
    assert.match(diagram.steps[2]!.note, new RegExp(STREAM_TRANSITIONS['half-closed (remote)'].receiveData));
    assert.equal(diagram.steps.at(-1)!.to, 'closed');
  });

  it('fit the width, and no box covers another or the text of an edge', () => {
    for (const diagram of [exchangeDiagram(ROW), streamDiagram(ROW, [], 0)]) {
      const { boxes, ways, height } = layoutOf(diagram);
      assert.equal(ways.length, diagram.edges.length);
      for (const { state, x, y, width } of boxes) {
        assert.ok(x - width / 2 >= 0 && x + width / 2 <= WIDTH && y + BOX_HEIGHT / 2 <= height, state);
        for (const other of boxes) {
          if (other.state === state) continue;
          const isApart =
            Math.abs(other.y - y) >= BOX_HEIGHT || Math.abs(other.x - x) >= (width + other.width) / 2;
          assert.ok(isApart, `${state}, ${other.state}`);
        }
        for (const { edge, label } of ways) {
          if (label === undefined) continue;
          const isInside = Math.abs(label.x - x) < width / 2 && Math.abs(label.y - y) < BOX_HEIGHT / 2;
          assert.ok(!isInside, `${state}, ${edge.events}`);
        }
      }
    }
  });
});
