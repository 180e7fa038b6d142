/** Draws a table of states: which event leads from which state to which outcome. */

export interface StateTable {
  readonly states: readonly string[];
  readonly events: readonly string[];
  readonly transitions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** How an outcome that is not a state is shown. */
  readonly show: (outcome: string) => string;
}

/** A Mermaid diagram; the first state is the initial one. */
export function stateDiagram({ states, events, transitions }: StateTable): string[] {
  const lines = ['stateDiagram-v2'];
  for (const state of states)
    if (nameOf(state) !== state) lines.push(`  state "${state}" as ${nameOf(state)}`);
  lines.push(`  [*] --> ${nameOf(states[0]!)}`);
  for (const state of states) {
    const byTarget = new Map<string, string[]>();
    for (const event of events) {
      const outcome = transitions[state]![event]!;
      if (states.includes(outcome)) byTarget.set(outcome, [...(byTarget.get(outcome) ?? []), event]);
    }
    if (byTarget.size === 0) lines.push(`  ${nameOf(state)} --> [*]`);
    for (const [target, some] of byTarget)
      lines.push(`  ${nameOf(state)} --> ${nameOf(target)}: ${some.join(', ')}`);
  }
  return lines;
}

/** A Markdown table with padded columns. */
export function stateTable({ states, events, transitions, show }: StateTable): string[] {
  const cell = (outcome: string) => (states.includes(outcome) ? `→ ${outcome}` : show(outcome));
  const rows = [
    ['in the state', ...events],
    ...states.map((state) => [state, ...events.map((event) => cell(transitions[state]![event]!))]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, column) => text.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(rows[0]!), line(widths.map((width) => '-'.repeat(width))), ...rows.slice(1).map(line)];
}

/** Mermaid allows no spaces and parentheses in the name of a state. */
function nameOf(state: string): string {
  return state.replaceAll(/[^A-Za-z]+/g, '_').replace(/_$/, '');
}
