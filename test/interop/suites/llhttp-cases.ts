/** Reads the cases of llhttp's test suite: Markdown files in which a heading, an input and a log of callbacks form a case. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface Case {
  /** The file and the heading; the list of differences uses the same names. */
  readonly title: string;
  readonly input: string;
  /** llhttp reports an error other than a pause or an upgrade. */
  readonly isRefused: boolean;
  /** The error that llhttp reports. */
  readonly reason: string;
}

const CASE = /<!-- meta=(\{.*?\}) -->\s*```http\n([\s\S]*?)```\s*```log\n([\s\S]*?)```/g;
const HEADING = /^(#{1,6}) (.+)$|^(.+)\n=+$/gm;

/** The strict cases for requests: without a lenient flag and without a pause. */
export function casesIn(checkout: string): Case[] {
  const folder = join(checkout, 'test', 'request');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .flatMap((name) => casesOf(basename(name, '.md'), readFileSync(join(folder, name), 'utf8')));
}

function casesOf(file: string, text: string): Case[] {
  const cases: Case[] = [];
  const seen = new Map<string, number>();
  for (const match of text.matchAll(CASE)) {
    const [, metaText = '', input = '', log = ''] = match;
    const meta = JSON.parse(metaText) as { type: string; pause?: string; skipBody?: boolean };
    if (meta.type !== 'request' || meta.pause !== undefined || meta.skipBody === true) continue;
    const heading = headingBefore(text, match.index);
    const count = (seen.get(heading) ?? 0) + 1;
    seen.set(heading, count);
    const error = /error code=(\d+) reason="(.*)"/.exec(log);
    cases.push({
      title: `${file}: ${heading}${count > 1 ? ` (${count})` : ''}`,
      input: unescaped(input),
      // 21 to 23 are pauses; 22 is the pause for an upgrade.
      isRefused: error !== null && !['21', '22', '23'].includes(error[1]!),
      reason: error?.[2] ?? '',
    });
  }
  return cases;
}

function headingBefore(text: string, index: number): string {
  let heading = '';
  for (const match of text.slice(0, index).matchAll(HEADING)) heading = match[2] ?? match[3] ?? '';
  return heading.replaceAll('`', '');
}

/** Unescapes as the suite does: line ends are CRLF, a backslash at the end of a line joins two lines, the rest is escapes. */
function unescaped(input: string): string {
  return input
    .replace(/\n$/, '')
    .replace(/\\(\r\n|\r|\n)/g, '')
    .replace(/\r\n|\r|\n/g, '\r\n')
    .replace(/\\r/g, '\r')
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t')
    .replace(/\\f/g, '\f')
    .replace(/\\x([0-9a-fA-F]+)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\([0-7]{1,3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
