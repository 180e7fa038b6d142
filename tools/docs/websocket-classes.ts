/** The table of WebSocket cases in `docs/CONFORMANCE-SUITES.md`, made from the cases. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASE_CLASSES } from '../../test/conformance/websocket-classes/classes.ts';

const BEGIN = '<!-- Generated from test/conformance/websocket-classes by `npm run docs`. -->';
const END = '<!-- End of the generated table. -->';

/** `docs/CONFORMANCE-SUITES.md` with the current table. */
export function conformanceSuitesPage(root: string): string {
  const page = readFileSync(join(root, 'docs/CONFORMANCE-SUITES.md'), 'utf8');
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/CONFORMANCE-SUITES.md has no ${BEGIN} … ${END}`);
  const rows = CASE_CLASSES.map(
    ({ number, title, means, cases }) => `| ${number} | ${title} | ${cases.length} | ${means} |`,
  );
  const sum = CASE_CLASSES.reduce((total, { cases }) => total + cases.length, 0);
  const table = [
    '| class | | cases | result |',
    '| --- | --- | --: | --- |',
    ...rows,
    `| | **together** | **${sum}** | |`,
  ].join('\n');
  return `${page.slice(0, begin)}${BEGIN}\n\n${table}\n\n${page.slice(end)}`;
}
