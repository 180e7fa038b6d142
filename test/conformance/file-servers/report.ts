/** The table: a page, and a few lines for the terminal. */
import type { Case, CaseGroup, Outcome } from './case.ts';
import type { FileServer } from './servers.ts';

export interface Result {
  readonly server: FileServer;
  readonly version: string;
  readonly outcomes: ReadonlyMap<Case, Outcome>;
}

export interface Count {
  readonly right: number;
  readonly wrong: number;
  readonly notAsked: number;
}

export function countOf(result: Result, cases: readonly Case[]): Count {
  const kinds = cases.map((one) => result.outcomes.get(one)?.kind);
  return {
    right: kinds.filter((kind) => kind === 'right').length,
    wrong: kinds.filter((kind) => kind === 'wrong').length,
    notAsked: kinds.filter((kind) => kind === 'not asked').length,
  };
}

/** @param date and where it was measured, for the reader: `2026-11-23`, `Node 24.21.0`. */
export function page(
  groups: readonly CaseGroup[],
  results: readonly Result[],
  date: string,
  where: string,
): string {
  const all = groups.flatMap(({ cases }) => cases);
  const heads = results.map(({ server, version }) => `${server.name} ${version}`);
  const cells = (what: (result: Result) => string): string[] => results.map(what);
  return `# File servers, asked the same

Made by \`npm run compare:files\` on ${date}, with ${where}. Each server served a copy of the same folder on loopback and was
asked the same ${all.length} things over raw TCP. An answer is right (✓) if the cited section allows it, whichever of several it is;
wrong (✗) with what came instead; and – where the RFC leaves it free to the server not to have what the question is about.

MUST, SHOULD and MAY are the words of the section that is cited. A MAY is a liberty with bounds: what lies outside of them is
wrong. Those marked *expected* are what people expect of a file server, for safety or for use, though no RFC demands it.

${table([
  ['', ...heads],
  ['**right**', ...cells((result) => `**${countOf(result, all).right}**`)],
  ['wrong', ...cells((result) => `${countOf(result, all).wrong}`)],
  ['does not apply', ...cells((result) => `${countOf(result, all).notAsked}`)],
  ...['MUST', 'SHOULD', 'MAY', 'expected'].map((word) => {
    const some = all.filter(({ rule }) => rule.startsWith(word));
    return [`wrong: ${word} (${some.length})`, ...cells((result) => `${countOf(result, some).wrong}`)];
  }),
])}

## How each was started

${results.map(({ server, version }) => `- **${server.name}** ${version}: ${server.settings}`).join('\n')}

${groups
  .map(
    ({ title, cases }) => `## ${title}

${table([
  ['', 'by', ...results.map(({ server }) => server.name)],
  ...cases.map((one) => [one.title, one.rule, ...cells((result) => cell(result.outcomes.get(one)))]),
])}
`,
  )
  .join('\n')}`;
}

function cell(outcome: Outcome | undefined): string {
  if (outcome === undefined) return '';
  if (outcome.kind === 'right') return '✓';
  return outcome.kind === 'wrong' ? `✗ ${outcome.fault}` : '–';
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows.map((row) => `| ${row.map(escaped).join(' | ')} |`);
  return [head, `|${rows[0]?.map(() => '---|').join('')}`, ...body].join('\n');
}

/** A server's own words must not become Markdown or another column. */
function escaped(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replace(/[\r\n]+/g, ' ');
}

export function summary(groups: readonly CaseGroup[], results: readonly Result[]): string {
  const all = groups.flatMap(({ cases }) => cases);
  const width = Math.max(...results.map(({ server, version }) => `${server.name} ${version}`.length));
  const lines = results.map((result) => {
    const { right, wrong, notAsked } = countOf(result, all);
    const name = `${result.server.name} ${result.version}`.padEnd(width);
    return `${name}  ${String(right).padStart(3)} right  ${String(wrong).padStart(3)} wrong  ${notAsked} do not apply`;
  });
  return lines.join('\n');
}

/** What one server got wrong, a line each. */
export function faultsOf(result: Result, groups: readonly CaseGroup[]): string[] {
  return groups.flatMap(({ title, cases }) =>
    cases.flatMap((one) => {
      const outcome = result.outcomes.get(one);
      return outcome?.kind === 'wrong' ? [`${title}: ${one.title}: ${outcome.fault} (${one.rule})`] : [];
    }),
  );
}
