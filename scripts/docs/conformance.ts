/**
 * `docs/CONFORMANCE.md`: which requirement of which RFC is held by which test.
 *
 * The convention, which needs no test to be run: in `test/`, every string literal without substitutions that begins
 * with `RFC <number> §<section>: ` is the title of a test, wherever it stands: as the first argument of `test()`, or as
 * the `title` of a row of a table.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

interface Requirement {
  readonly rfc: string;
  readonly section: string;
  readonly sentence: string;
  readonly file: string;
}

/** A quote, the title up to the same quote; a backslash takes the next character with it. */
const TITLE = /(['"`])RFC (\d{4}) §([0-9A-Z][0-9A-Za-z.]*): ((?:\\.|(?!\1)[^\\\n])+)\1/g;

const NAMES: Record<string, string> = {
  '5234': 'Augmented BNF',
  '6455': 'The WebSocket Protocol',
  '6585': 'Additional HTTP Status Codes',
  '7838': 'HTTP Alternative Services',
  '7932': 'Brotli Compressed Data Format',
  '8297': 'An HTTP Status Code for Indicating Hints',
  '8878': 'Zstandard Compression',
  '9110': 'HTTP Semantics',
  '9111': 'HTTP Caching',
  '9112': 'HTTP/1.1',
  '9113': 'HTTP/2',
  '9218': 'Extensible Prioritization Scheme for HTTP',
};

export function conformancePage(root: string): string {
  const requirements = requirementsIn(join(root, 'test'), root);
  const lines = [
    '# Conformance',
    '',
    '<!-- Generated from the titles of the tests by `npm run docs`. -->',
    '',
    `${requirements.length} requirements of the RFCs, each with the test that holds it. A requirement that is missing here is one`,
    'that nothing tests.',
  ];
  for (const [rfc, ofRfc] of grouped(requirements, (requirement) => requirement.rfc)) {
    const name = NAMES[rfc];
    lines.push('', `## RFC ${rfc}${name === undefined ? '' : `: ${name}`}`);
    for (const [section, ofSection] of grouped(ofRfc, (requirement) => requirement.section)) {
      lines.push('', `### [§${section}](${address(rfc, section)})`, '');
      for (const [sentence, same] of grouped(ofSection, (requirement) => requirement.sentence)) {
        const files = new Set(same.map(({ file }) => `[${file.replace(/^test\//, '')}](../${file})`));
        lines.push(`- ${sentence}: ${[...files].join(', ')}`);
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

function requirementsIn(folder: string, root: string): Requirement[] {
  const found: Requirement[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    const file = relative(root, path).split(sep).join('/');
    const text = readFileSync(path, 'utf8');
    for (const match of text.matchAll(TITLE)) {
      const [, quote = '', rfc = '', section = '', literal = ''] = match;
      if (quote === '`' && literal.includes('${')) continue;
      found.push({ rfc, section, sentence: asMarkdown(literal), file });
    }
  }
  // The sort is stable: within a file, requirements stay in the order in which they are tested.
  return found.sort(
    (a, b) =>
      Number(a.rfc) - Number(b.rfc) || bySection(a.section, b.section) || a.file.localeCompare(b.file),
  );
}

/** §6.3 before §6.10, appendices behind the numbers. */
function bySection(a: string, b: string): number {
  const left = a.split('.');
  const right = b.split('.');
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const one = left[i] ?? '';
    const other = right[i] ?? '';
    if (one === other) continue;
    const difference = Number(one) - Number(other);
    return Number.isNaN(difference) ? one.localeCompare(other) : difference;
  }
  return 0;
}

function grouped(
  requirements: readonly Requirement[],
  key: (requirement: Requirement) => string,
): Map<string, Requirement[]> {
  const groups = new Map<string, Requirement[]>();
  for (const requirement of requirements) {
    const group = groups.get(key(requirement));
    if (group === undefined) groups.set(key(requirement), [requirement]);
    else group.push(requirement);
  }
  return groups;
}

function asMarkdown(literal: string): string {
  return literal.replace(/\\(['"`\\])/g, '$1').replace(/[|<>*_[\]]/g, '\\$&');
}

function address(rfc: string, section: string): string {
  const anchor = /^\d/.test(section) ? 'section' : 'appendix';
  return `https://www.rfc-editor.org/rfc/rfc${rfc}#${anchor}-${section}`;
}
