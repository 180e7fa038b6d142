import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TICKET_PERIOD_MS, TicketKeys } from '../../src/tls/ticket-keys.ts';

const START = 10 * TICKET_PERIOD_MS;

test('ticket keys: they stay for a period, and then change', () => {
  const tickets = new TicketKeys(START);
  const { keys, period } = tickets.at(START);
  assert.equal(keys.length, 48);
  assert.equal(tickets.at(START + TICKET_PERIOD_MS - 1).keys, keys);
  const next = tickets.at(START + TICKET_PERIOD_MS);
  assert.equal(next.period, period + 1);
  assert.notDeepEqual(next.keys, keys);
  assert.equal(tickets.at(START).keys, next.keys, 'a clock that goes back changes nothing');
});

test('ticket keys: workers with one seed have the same keys, whenever they were started', () => {
  const supervisor = new TicketKeys(START);
  const early = new TicketKeys(START, JSON.parse(JSON.stringify(supervisor.seedAt(START))));
  const later = START + 3 * TICKET_PERIOD_MS;
  const late = new TicketKeys(later, supervisor.seedAt(later));
  assert.deepEqual(early.at(later), late.at(later));
  assert.deepEqual(early.at(later), supervisor.at(later));
});

test('ticket keys: a later seed tells nothing of earlier keys, and processes have different ones', () => {
  const supervisor = new TicketKeys(START);
  const before = supervisor.at(START).keys;
  const late = new TicketKeys(START, supervisor.seedAt(START + TICKET_PERIOD_MS));
  assert.notDeepEqual(late.at(START).keys, before);
  assert.notDeepEqual(new TicketKeys(START).at(START).keys, before);
});
