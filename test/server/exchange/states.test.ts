import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  EXCHANGE_OPERATIONS,
  EXCHANGE_STATES,
  EXCHANGE_TRANSITIONS,
  type ExchangeOperation,
  type ExchangeOutcome,
  type ExchangeState,
} from '../../../src/server/exchange/states.ts';

/** How an exchange goes: each operation with what comes of it. */
type Story = readonly [operation: ExchangeOperation, outcome: ExchangeOutcome][];

/** From `open` on; misuse and lost races leave the state as it was. */
function assertStory(story: Story): void {
  let state: ExchangeState = 'open';
  for (const [operation, expected] of story) {
    const outcome: ExchangeOutcome = EXCHANGE_TRANSITIONS[state][operation];
    assert.equal(outcome, expected, `${operation} in ${state}`);
    if (outcome !== 'throws' && outcome !== 'discarded') state = outcome;
  }
}

test('exchange states: the table has an outcome for each operation in each state, and no other row or column', () => {
  const outcomes = [...EXCHANGE_STATES, 'throws', 'discarded'];
  assert.deepEqual(Object.keys(EXCHANGE_TRANSITIONS), [...EXCHANGE_STATES]);
  for (const state of EXCHANGE_STATES) {
    assert.deepEqual(Object.keys(EXCHANGE_TRANSITIONS[state]).sort(), [...EXCHANGE_OPERATIONS].sort(), state);
    for (const outcome of Object.values(EXCHANGE_TRANSITIONS[state])) assert.ok(outcomes.includes(outcome));
  }
});

test('exchange states: every state can be reached, and nothing returns to open', () => {
  const reached = new Set(EXCHANGE_STATES.flatMap((state) => Object.values(EXCHANGE_TRANSITIONS[state])));
  assert.deepEqual([...reached].sort(), [
    'aborted',
    'committed',
    'denied',
    'discarded',
    'informational',
    'throws',
  ]);
});

const FINAL = ['respond', 'accept', 'deny'] as const;

test('RFC 9110 §15: there is one final response to a request, whatever it was', () => {
  for (const [first, state] of [
    ['respond', 'committed'],
    ['accept', 'committed'],
    ['deny', 'denied'],
  ] as const) {
    for (const second of [...FINAL, 'sendInformational'] as const)
      assertStory([
        [first, state],
        [second, 'throws'],
      ]);
  }
});

test('RFC 9110 §15.2: any number of interim responses come before the final one, none behind it', () => {
  assertStory([
    ['sendInformational', 'informational'],
    ['sendInformational', 'informational'],
    ['respond', 'committed'],
    ['sendInformational', 'throws'],
  ]);
  assertStory([
    ['sendInformational', 'informational'],
    ['accept', 'committed'],
    ['sendInformational', 'throws'],
  ]);
});

test('exchange states: what has been begun cannot be denied any more', () => {
  assertStory([
    ['sendInformational', 'informational'],
    ['deny', 'throws'],
    ['respond', 'committed'],
    ['deny', 'throws'],
  ]);
});

test('exchange states: an exchange can be aborted until it was denied, also while its response is under way', () => {
  assertStory([['abort', 'aborted']]);
  assertStory([
    ['sendInformational', 'informational'],
    ['abort', 'aborted'],
  ]);
  assertStory([
    ['respond', 'committed'],
    ['abort', 'aborted'],
  ]);
  assertStory([
    ['deny', 'denied'],
    ['abort', 'discarded'],
  ]);
});

test('exchange states: after the peer has won the race nothing throws, and nothing has an effect', () => {
  for (const operation of EXCHANGE_OPERATIONS)
    assertStory([
      ['abort', 'aborted'],
      [operation, 'discarded'],
    ]);
});
