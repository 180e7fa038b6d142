/** The options of a topic as a table for a terminal of 80 columns, made from the table of options. */
import { OPTION_NAMES, OPTIONS, type OptionName, type OptionTopic } from '../options/option-table.ts';

const WIDTH = 80;
/** Where descriptions begin. */
const COLUMN = 32;

/** `-p, --port <number>` */
export function usageOf(name: OptionName): string {
  const { short, value, placeholder, isOn } = OPTIONS[name];
  const long = `--${isOn ? 'no-' : ''}${name}`;
  const written =
    placeholder === undefined ? '' : value === 'maybe' ? `[=${placeholder}]` : ` <${placeholder}>`;
  return `${short === undefined ? '    ' : `-${short}, `}${long}${written}`;
}

export function optionRows(topic: OptionTopic): string {
  return OPTION_NAMES.filter((name) => OPTIONS[name].topic === topic)
    .map((name) => row(usageOf(name), OPTIONS[name].description))
    .join('\n');
}

function row(usage: string, description: string): string {
  const lines = wrapped(description, WIDTH - COLUMN);
  const left = `  ${usage}`;
  const isLong = left.length >= COLUMN;
  const first = isLong ? `${left}\n${' '.repeat(COLUMN)}` : left.padEnd(COLUMN);
  return first + lines.join(`\n${' '.repeat(COLUMN)}`);
}

/** Breaks text into lines of at most `width` characters. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
