/** `docs/EXCHANGE-STATES.md`: the table of legal operations on an exchange, drawn. */
import {
  EXCHANGE_OPERATIONS,
  EXCHANGE_STATES,
  EXCHANGE_TRANSITIONS,
} from '../../src/server/exchange/states.ts';
import { type StateTable, stateDiagram, stateTable } from './state-table.ts';

const TABLE: StateTable = {
  states: EXCHANGE_STATES,
  events: EXCHANGE_OPERATIONS,
  transitions: EXCHANGE_TRANSITIONS,
  show: (outcome) => (outcome === 'throws' ? '**throws**' : '_discarded_'),
};

export function exchangeStatesPage(): string {
  return [
    '# The states of an exchange',
    '',
    '<!-- Generated from src/server/exchange/states.ts by `npm run docs`. -->',
    '',
    'An exchange is one request and its response. Its state decides which operations of the handler, the server and the peer',
    'are legal. Misuse by the handler **throws** `InvalidStateError`. An operation that comes too late because the peer was',
    'faster is _discarded_ without an error.',
    '',
    '```mermaid',
    ...stateDiagram(TABLE),
    '```',
    '',
    ...stateTable(TABLE),
    '',
  ].join('\n');
}
