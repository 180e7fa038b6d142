/** `docs/EXCHANGE-STATES.md`: the table of legal operations on an exchange, drawn. */
import {
  EXCHANGE_OPERATIONS,
  EXCHANGE_STATES,
  EXCHANGE_TRANSITIONS,
  type ExchangeState,
} from '../../src/server/exchange/states.ts';

const isState = (outcome: string): outcome is ExchangeState =>
  (EXCHANGE_STATES as readonly string[]).includes(outcome);

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
    ...diagram(),
    '```',
    '',
    ...table(),
    '',
  ].join('\n');
}

function diagram(): string[] {
  const lines = ['stateDiagram-v2', `  [*] --> ${EXCHANGE_STATES[0]}`];
  for (const state of EXCHANGE_STATES) {
    const byTarget = new Map<ExchangeState, string[]>();
    for (const operation of EXCHANGE_OPERATIONS) {
      const outcome = EXCHANGE_TRANSITIONS[state][operation];
      if (isState(outcome)) byTarget.set(outcome, [...(byTarget.get(outcome) ?? []), operation]);
    }
    if (byTarget.size === 0) lines.push(`  ${state} --> [*]`);
    for (const [target, operations] of byTarget) {
      lines.push(`  ${state} --> ${target}: ${operations.join(', ')}`);
    }
  }
  return lines;
}

/** Columns are padded. */
function table(): string[] {
  const show = (outcome: string) => {
    if (isState(outcome)) return `→ ${outcome}`;
    return outcome === 'throws' ? '**throws**' : '_discarded_';
  };
  const rows = [
    ['in the state', ...EXCHANGE_OPERATIONS],
    ...EXCHANGE_STATES.map((state) => [
      state,
      ...EXCHANGE_OPERATIONS.map((operation) => show(EXCHANGE_TRANSITIONS[state][operation])),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(rows[0]!), line(widths.map((width) => '-'.repeat(width))), ...rows.slice(1).map(line)];
}
