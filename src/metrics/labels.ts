/** The name of a series: a metric with its labels. */
import type { FamilyName } from './families.ts';

/** @param labels in the order in which they are written. Labels without a value are left out, which means the same. */
export function seriesName(name: FamilyName, labels: Readonly<Record<string, string>> = {}): string {
  const written = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .map(([label, value]) => `${label}="${escaped(value)}"`);
  return written.length === 0 ? name : `${name}{${written.join(',')}}`;
}

/** The three characters that the text format escapes in the value of a label. */
function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}
