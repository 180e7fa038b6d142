/**
 * Which requirement of which RFC is held by which test: `docs/CONFORMANCE.md` has the counts, and `build/docs/CONFORMANCE.md`,
 * which is not committed, lists every requirement with its tests.
 */
import { countOf, grouped, type Requirement, requirementsIn } from './requirements.ts';

const NAMES: Readonly<Record<string, string>> = {
  '2046': 'MIME: Media Types',
  '3986': 'URI Generic Syntax',
  '5234': 'Augmented BNF',
  '6265': 'HTTP State Management Mechanism',
  '6266': 'Content-Disposition in HTTP',
  '6455': 'The WebSocket Protocol',
  '6585': 'Additional HTTP Status Codes',
  '6874': 'IPv6 Zone Identifiers in URIs',
  '7239': 'Forwarded HTTP Extension',
  '7301': 'TLS Application-Layer Protocol Negotiation',
  '7540': 'HTTP/2 (obsolete)',
  '7541': 'HPACK: Header Compression for HTTP/2',
  '7578': 'multipart/form-data',
  '7617': 'The Basic HTTP Authentication Scheme',
  '7692': 'Compression Extensions for WebSocket',
  '7838': 'HTTP Alternative Services',
  '7932': 'Brotli Compressed Data Format',
  '8297': 'An HTTP Status Code for Indicating Hints',
  '8441': 'Bootstrapping WebSockets with HTTP/2',
  '8446': 'TLS 1.3',
  '8555': 'ACME',
  '8878': 'Zstandard Compression',
  '8941': 'Structured Field Values for HTTP',
  '9110': 'HTTP Semantics',
  '9111': 'HTTP Caching',
  '9112': 'HTTP/1.1',
  '9113': 'HTTP/2',
  '9218': 'Extensible Prioritization Scheme for HTTP',
  '9659': 'Window Sizing for Zstandard Content Encoding',
};

/** The chapters of the RFCs that Serval implements as a whole. */
const CHAPTERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
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
  '9113': {
    '3': 'Starting HTTP/2',
    '4': 'HTTP Frames',
    '5': 'Streams and Multiplexing',
    '6': 'Frame Definitions',
    '7': 'Error Codes',
    '8': 'Expressing HTTP Semantics in HTTP/2',
    '9': 'HTTP/2 Connections',
    '10': 'Security Considerations',
  },
  '7541': {
    '2': 'Compression Process Overview',
    '3': 'Header Block Decoding',
    '4': 'Dynamic Table Management',
    '5': 'Primitive Type Representations',
    '6': 'Binary Format',
    '7': 'Security Considerations',
    A: 'Static Table Definition',
    B: 'Huffman Code',
    C: 'Examples',
  },
  '8441': {
    '3': 'The SETTINGS_ENABLE_CONNECT_PROTOCOL SETTINGS Parameter',
    '4': 'The Extended CONNECT Method',
    '5': 'Using Extended CONNECT to Bootstrap the WebSocket Protocol',
  },
  '9218': {
    '2': 'Motivation for Replacing RFC 7540 Stream Priorities',
    '4': 'Priority Parameters',
    '5': 'The Priority HTTP Header Field',
    '6': 'Reprioritization',
    '7': 'The PRIORITY_UPDATE Frame',
    '8': 'Merging Client- and Server-Driven Priority Parameters',
    '9': 'Client Scheduling',
    '10': 'Server Scheduling',
  },
};

/** RFCs with fewer requirements share a row of the summary. */
const FEW = 5;

/** The committed page rounds down, so that it does not change with every test. */
function rounded(count: number): number {
  if (count < FEW) return count;
  if (count < 20) return count - (count % FEW);
  return count - (count % (count < 100 ? 10 : 50));
}

/** A table with a row for each RFC. */
export function conformanceSummary(
  requirements: readonly Requirement[],
  show: (count: number) => number = (count) => count,
): string[] {
  const shown = (some: readonly Requirement[]) => show(countOf(some));
  const rows: string[] = [];
  const few: Requirement[] = [];
  for (const [rfc, ofRfc] of grouped(requirements, (requirement) => requirement.rfc)) {
    if (countOf(ofRfc) < FEW) {
      few.push(...ofRfc);
      continue;
    }
    const chapters = [...grouped(ofRfc, ({ section }) => section.split('.')[0]!)];
    const counts = chapters.map(([chapter, ofChapter]) => `§${chapter}: ${shown(ofChapter)}`);
    rows.push(
      `| ${titleOf(rfc)} | ${shown(ofRfc)} | ${CHAPTERS[rfc] === undefined ? '' : counts.join(', ')} |`,
    );
  }
  const numbers = [...grouped(few, ({ rfc }) => rfc).keys()].join(', ');
  if (few.length > 0) rows.push(`| RFC ${numbers} | ${shown(few)} | |`);
  return [
    '| RFC | requirements | by chapter |',
    '| --- | --: | --- |',
    ...rows,
    `| **together** | **${shown(requirements)}** | |`,
  ];
}

/** `docs/CONFORMANCE.md` */
export function conformancePage(root: string): string {
  return `${[
    '# Conformance',
    '',
    '<!-- Generated from the titles of the tests by `npm run docs`. -->',
    '',
    'Each requirement of an RFC that Serval implements has a test, and the title of the test is the requirement. The suite in',
    '[`test/conformance`](../test/conformance) states for each request the exact response. It runs over a socket in memory,',
    'whole and octet by octet, and over TCP on Node, Bun and Deno.',
    '',
    '`npm run docs` writes the full list, each requirement with its tests, to `build/docs/CONFORMANCE.md`. What Serval does not',
    'implement, and why, is in [NOT-DONE.md](NOT-DONE.md); results of other suites are in',
    '[CONFORMANCE-SUITES.md](CONFORMANCE-SUITES.md).',
    '',
    'Counts are rounded down.',
    '',
    ...conformanceSummary(requirementsIn(root), rounded),
  ].join('\n')}\n`;
}

/** `build/docs/CONFORMANCE.md`: every requirement with its tests. */
export function conformanceReport(root: string): string {
  const requirements = requirementsIn(root);
  const lines = ['# Conformance', '', ...conformanceSummary(requirements)];
  for (const [rfc, ofRfc] of grouped(requirements, (requirement) => requirement.rfc)) {
    lines.push('', `## ${titleOf(rfc)}`);
    for (const [chapter, ofChapter] of grouped(ofRfc, ({ section }) => section.split('.')[0]!)) {
      const name = CHAPTERS[rfc]?.[chapter];
      if (name !== undefined) lines.push('', `### ${chapter}. ${name} (${countOf(ofChapter)})`);
      const level = name === undefined ? '###' : '####';
      for (const [section, ofSection] of grouped(ofChapter, (requirement) => requirement.section)) {
        lines.push('', `${level} [§${section}](${address(rfc, section)})`, '');
        for (const [sentence, same] of grouped(ofSection, (requirement) => requirement.sentence))
          lines.push(`- ${sentence}: ${testsOf(same)}`);
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Links to the tests of one requirement. */
function testsOf(same: readonly Requirement[]): string {
  const files = new Set(same.map(({ file }) => `[${file.replace(/^test\//, '')}](../../${file})`));
  const todo = same.find((one) => one.todo !== undefined)?.todo;
  return `${[...files].join(', ')}${todo === undefined ? '' : ` **Not yet:** ${todo}.`}`;
}

function titleOf(rfc: string): string {
  return `RFC ${rfc}${NAMES[rfc] === undefined ? '' : `: ${NAMES[rfc]}`}`;
}

function address(rfc: string, section: string): string {
  const anchor = /^\d/.test(section) ? 'section' : 'appendix';
  return `https://www.rfc-editor.org/rfc/rfc${rfc}#${anchor}-${section}`;
}
