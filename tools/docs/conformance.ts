/**
 * `docs/CONFORMANCE.md`: which requirement of which RFC is held by which test.
 *
 * The convention, which needs no test to be run: in `test/`, every string literal without substitutions that begins
 * with `RFC <number> §<section>: ` is the title of a test, wherever it stands: as the first argument of `test()`, or as
 * the `title` of a row of a table. A row with a `todo` is one that does not hold yet: it is listed with what is amiss, and not
 * counted.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

interface Requirement {
  readonly rfc: string;
  readonly section: string;
  readonly sentence: string;
  readonly file: string;
  /** What is amiss, of a test that is known to fail. */
  readonly todo: string | undefined;
}

/** A quote, the title up to the same quote; a backslash takes the next character with it. */
const TITLE = /(['"`])RFC (\d{4}) §([0-9A-Z][0-9A-Za-z.]*): ((?:\\.|(?!\1)[^\\\n])+)\1/g;

/** The member of a row behind its title, in the same quotes or others. */
const TODO = /^\s*todo: (['"`])((?:\\.|(?!\1)[^\\\n])+)\1/m;

const NAMES: Record<string, string> = {
  '3986': 'URI Generic Syntax',
  '5234': 'Augmented BNF',
  '6455': 'The WebSocket Protocol',
  '6585': 'Additional HTTP Status Codes',
  '6874': 'IPv6 Zone Identifiers in URIs',
  '7838': 'HTTP Alternative Services',
  '7932': 'Brotli Compressed Data Format',
  '8297': 'An HTTP Status Code for Indicating Hints',
  '8878': 'Zstandard Compression',
  '8941': 'Structured Field Values for HTTP',
  '9110': 'HTTP Semantics',
  '9111': 'HTTP Caching',
  '9112': 'HTTP/1.1',
  '9113': 'HTTP/2',
  '9218': 'Extensible Prioritization Scheme for HTTP',
  '9659': 'Window Sizing for Zstandard Content Encoding',
};

/** The chapters of the two RFCs that this server is made after; of another RFC each section stands for itself. */
const CHAPTERS: Record<string, Record<string, string>> = {
  '9110': {
    '2': 'Conformance',
    '4': 'Identifiers in HTTP',
    '5': 'Fields',
    '6': 'Message Abstraction',
    '7': 'Routing HTTP Messages',
    '8': 'Representation Data and Metadata',
    '9': 'Methods',
    '10': 'Message Context',
    '12': 'Content Negotiation',
    '13': 'Conditional Requests',
    '14': 'Range Requests',
    '15': 'Status Codes',
    '17': 'Security Considerations',
  },
  '9112': {
    '2': 'Message',
    '3': 'Request Line',
    '4': 'Status Line',
    '5': 'Field Syntax',
    '6': 'Message Body',
    '7': 'Transfer Codings',
    '8': 'Handling Incomplete Messages',
    '9': 'Connection Management',
    '11': 'Security Considerations',
  },
};

export function conformancePage(root: string): string {
  const requirements = requirementsIn(join(root, 'test'), root);
  const contents: string[] = [];
  const body: string[] = [];
  for (const [rfc, ofRfc] of grouped(requirements, (requirement) => requirement.rfc)) {
    const name = NAMES[rfc];
    const title = `RFC ${rfc}${name === undefined ? '' : `: ${name}`}`;
    body.push('', `## ${title}`);
    contents.push(`| **${title}** | **${countOf(ofRfc)}** |`);
    for (const [chapter, ofChapter] of grouped(ofRfc, ({ section }) => section.split('.')[0]!)) {
      const chapterName = CHAPTERS[rfc]?.[chapter];
      if (chapterName !== undefined) {
        const heading = `${chapter}. ${chapterName} (${countOf(ofChapter)})`;
        body.push('', `### ${heading}`);
        contents.push(`| [§${chapter} ${chapterName}](#${fragment(heading)}) | ${countOf(ofChapter)} |`);
      }
      const level = chapterName === undefined ? '###' : '####';
      for (const [section, ofSection] of grouped(ofChapter, (requirement) => requirement.section)) {
        body.push('', `${level} [§${section}](${address(rfc, section)})`, '');
        for (const [sentence, same] of grouped(ofSection, (requirement) => requirement.sentence)) {
          const files = new Set(same.map(({ file }) => `[${file.replace(/^test\//, '')}](../${file})`));
          const todo = same.find((one) => one.todo !== undefined)?.todo;
          const amiss = todo === undefined ? '' : ` **Not yet:** ${todo}.`;
          body.push(`- ${sentence}: ${[...files].join(', ')}${amiss}`);
        }
      }
    }
  }
  const lines = [
    '# Conformance',
    '',
    '<!-- Generated from the titles of the tests by `npm run docs`. -->',
    '',
    `${countOf(requirements)} requirements, in the order of the RFCs, each with the test that holds it. One that is missing here is one that`,
    'nothing tests; one that does not hold yet says so. The suite in [`test/conformance`](../test/conformance) says what is sent and',
    'what has to come back, to the octet; it is run over a socket in memory, whole and octet by octet, and over TCP. What Serval does',
    'not do, and why, is in [NOT-DONE.md](NOT-DONE.md).',
    '',
    '| | requirements |',
    '|---|--:|',
    ...contents,
    ...body,
  ];
  return `${lines.join('\n')}\n`;
}

/** How many requirements are held, of which several tests may hold one. */
function countOf(requirements: readonly Requirement[]): number {
  const held = requirements.filter(({ todo }) => todo === undefined);
  return new Set(held.map(({ rfc, section, sentence }) => `${rfc} ${section} ${sentence}`)).size;
}

/** What a heading is linked by. */
function fragment(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function requirementsIn(folder: string, root: string): Requirement[] {
  const found: Requirement[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    const file = relative(root, path).split(sep).join('/');
    const text = readFileSync(path, 'utf8');
    const matches = [...text.matchAll(TITLE)];
    for (const [index, match] of matches.entries()) {
      const [title, quote = '', rfc = '', section = '', literal = ''] = match;
      if (quote === '`' && literal.includes('${')) continue;
      const row = text.slice(match.index + title.length, matches[index + 1]?.index);
      const todo = TODO.exec(row)?.[2];
      found.push({ rfc, section, sentence: asMarkdown(literal), file, todo: todo && asMarkdown(todo) });
    }
  }
  // The sort is stable: within a file, requirements stay in the order in which they are tested.
  return found.sort(
    (a, b) => Number(a.rfc) - Number(b.rfc) || bySection(a.section, b.section) || byFile(a.file, b.file),
  );
}

/** The suite in the RFCs' order comes first: what it holds it holds at the wire. */
function byFile(a: string, b: string): number {
  const rank = (file: string) => Number(!file.startsWith('test/conformance/rfc'));
  return rank(a) - rank(b) || a.localeCompare(b);
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
