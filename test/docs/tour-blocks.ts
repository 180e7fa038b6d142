/**
 * The commands of the tour, and what they print.
 *
 * An `sh` block has commands, and the `text` block behind it, with words between them or not, has their output. In the output, `…` is any text of
 * a line, a line `…` is any number of lines, `≈100` is a number close to it, and an HTTP date is any HTTP date. Comments on the lines before a block say more:
 *
 *     <!-- keeps running -->           the command is a server, which runs until the end of the chapter
 *     <!-- needs: COMMAND -->          the block is skipped where this command fails
 *     <!-- not run: WHY -->            the block is for readers only
 *     <!-- printed by the server -->   a `text` block: the server that was started last has printed this by now
 */

const BLOCK =
  /((?:^<!-- (?:keeps running|needs: |not run: |printed by the server)[^\n]*-->\n)*)^```(sh|text)\n(.*?)^```$/gms;

export interface Command {
  /** Of the `sh` block, from 1. */
  readonly line: number;
  readonly script: string;
  readonly keepsRunning: boolean;
  /** A command that fails where this one can't be run. */
  readonly needs: string | undefined;
  /** Why it is not run. */
  readonly notRun: string | undefined;
  /** The pattern of its output. */
  output: string | undefined;
  /** What the server has printed after it. */
  serverOutput: string | undefined;
}

export function commandsOf(page: string): Command[] {
  const commands: Command[] = [];
  for (const { index, 1: comments = '', 2: kind, 3: text = '' } of page.matchAll(BLOCK)) {
    const line = page.slice(0, index).split('\n').length + comments.split('\n').length - 1;
    if (kind === 'sh') {
      commands.push({
        line,
        script: text,
        keepsRunning: comments.includes('<!-- keeps running'),
        needs: /<!-- needs: (.*) -->/.exec(comments)?.[1],
        notRun: /<!-- not run: (.*) -->/.exec(comments)?.[1],
        output: undefined,
        serverOutput: undefined,
      });
      continue;
    }
    const member = comments.includes('<!-- printed by the server') ? 'serverOutput' : 'output';
    const command = commands.at(-1);
    if (command === undefined || command[member] !== undefined)
      throw new Error(`line ${line}: a text block without a command before it`);
    command[member] = text;
  }
  return commands;
}

const DATE =
  '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \\d{4} \\d{2}:\\d{2}:\\d{2} GMT';
const VARIES = new RegExp(`${DATE}|…|≈\\d+`, 'g');

/** How far a number may be from one behind `≈`: libraries that compress differ by less. */
const NEAR = 0.2;

/** Whether a command has printed what the page says. Spaces at the end of a line don't count. */
export function printsAs(pattern: string, printed: string): boolean {
  return matches('^', pattern, '$', printed);
}

/** Whether the lines of the pattern are among those that were printed. */
export function printsAmong(pattern: string, printed: string): boolean {
  return matches('(?:^|\n)', pattern, '(?:\n|$)', printed);
}

function matches(before: string, pattern: string, after: string, printed: string): boolean {
  const found = new RegExp(`${before}${source(pattern)}${after}`).exec(linesOf(printed));
  if (found === null) return false;
  const expected = [...pattern.matchAll(/≈(\d+)/g)].map(([, number]) => Number(number));
  return expected.every((number, index) => Math.abs(Number(found[index + 1]) - number) <= number * NEAR);
}

const linesOf = (text: string): string => text.replace(/[ \r]+$/gm, '').trimEnd();

function source(pattern: string): string {
  const lines = linesOf(pattern).split('\n');
  const last = lines.length - 1;
  return lines
    .map((line, index) => {
      if (line === '…') return index === last ? '[^]*' : '(?:[^\n]*\n)*?';
      // Behind it there may be no line at all.
      const mayBeLast = index === last - 1 && lines[last] === '…';
      return `${lineSource(line)}${index === last ? '' : mayBeLast ? '(?:\n|$)' : '\n'}`;
    })
    .join('');
}

function lineSource(line: string): string {
  const literal = (text: string): string => text.replace(/[$^*+?.()[\]{}|\\/]/g, '\\$&');
  let result = '';
  let at = 0;
  for (const { 0: varying, index } of line.matchAll(VARIES)) {
    const any = varying === '…' ? '[^\n]*?' : varying.startsWith('≈') ? '(\\d+)' : DATE;
    result += literal(line.slice(at, index)) + any;
    at = index + varying.length;
  }
  return result + literal(line.slice(at));
}
