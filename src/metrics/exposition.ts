/**
 * Writes figures in the text format of Prometheus, version 0.0.4. For each metric: `# HELP`, `# TYPE`, and one line for each
 * series; for a histogram, one line for each bucket, and the sum and the count.
 */
import type { Figures } from '../io/workers/worker-figures.ts';
import { FAMILIES, FAMILY_NAMES, type Family, type FamilyName } from './families.ts';

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** A metric without a series is left out. */
export function exposition({ counted, current, highest }: Figures): string {
  const byFamily = new Map<string, [labels: string, values: readonly number[]][]>();
  for (const [series, values] of [...counted, ...current, ...highest]) {
    const brace = series.indexOf('{');
    const name = brace < 0 ? series : series.slice(0, brace);
    const labels = brace < 0 ? '' : series.slice(brace + 1, -1);
    const lines = byFamily.get(name);
    if (lines === undefined) byFamily.set(name, [[labels, values]]);
    else lines.push([labels, values]);
  }
  return FAMILY_NAMES.map((name) => familyText(name, byFamily.get(name) ?? [])).join('');
}

function familyText(
  name: FamilyName,
  series: readonly (readonly [labels: string, values: readonly number[]])[],
): string {
  if (series.length === 0) return '';
  const family = FAMILIES[name];
  const lines = series.map(([labels, values]) =>
    family.type === 'histogram'
      ? histogramText(name, family, labels, values)
      : `${sampleName(name, labels)} ${values[0]}\n`,
  );
  return `# HELP ${name} ${family.help}\n# TYPE ${name} ${family.type}\n${lines.join('')}`;
}

/** Buckets are counted one by one, and written as "at most": each includes those before it. */
function histogramText(
  name: string,
  { bounds = [] }: Family,
  labels: string,
  values: readonly number[],
): string {
  let count = 0;
  let text = '';
  for (const [index, bound] of [...bounds, '+Inf'].entries()) {
    count += values[index]!;
    text += `${sampleName(`${name}_bucket`, `${labels}${labels && ','}le="${bound}"`)} ${count}\n`;
  }
  const sum = values[bounds.length + 1];
  return `${text}${sampleName(`${name}_sum`, labels)} ${sum}\n${sampleName(`${name}_count`, labels)} ${count}\n`;
}

const sampleName = (name: string, labels: string): string => (labels === '' ? name : `${name}{${labels}}`);
