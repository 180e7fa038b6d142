/** The comparison as a page, and as a few lines for the terminal. */
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

/** @param where the runtime and platform: `Node 24.21.0, linux x64`. */
export function page(
  groups: readonly CaseGroup[],
  results: readonly Result[],
  date: string,
  where: string,
): string {
  const all = groups.flatMap(({ cases }) => cases);
  const heads = results.map(({ server, version }) => `${server.name} ${version}`);
  const cells = (what: (result: Result) => string): string[] => results.map(what);
  return `# File servers compared

Made by \`npm run compare:files\` on ${date}, with ${where}. Each server served a copy of the same folder on loopback and got
the same ${all.length} requests over TCP. A response is right (✓) if the cited section allows it. It is wrong (✗) otherwise; the
table shows what came instead. A dash (–) means that the RFC does not require what the request tests, and the server lacks it.

MUST, SHOULD and MAY are the words of the cited section. A MAY has bounds: a response outside of them is wrong. No RFC demands
the cases marked *expected*; people expect them of a file server, for safety or for use.

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

/** The output of a server must not become Markdown or another column. */
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

/** The wrong responses of one server, a line each. */
export function faultsOf(result: Result, groups: readonly CaseGroup[]): string[] {
  return groups.flatMap(({ title, cases }) =>
    cases.flatMap((one) => {
      const outcome = result.outcomes.get(one);
      return outcome?.kind === 'wrong' ? [`${title}: ${one.title}: ${outcome.fault} (${one.rule})`] : [];
    }),
  );
}
