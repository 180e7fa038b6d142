/** Writes the results of a run. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../results.ts';
import { cpuChart } from './cpu-chart.ts';
import { markdown } from './markdown.ts';
import { scaleChart } from './scale-chart.ts';

/** Writes `latest.json`, `latest.md`, and a chart for each case that has one. */
export function writeReport(folder: string, results: Results): void {
  writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(results, null, 1)}\n`);
  writeFileSync(join(folder, 'latest.md'), markdown(results));
  const { hello, scale } = results.cases;
  const charts = {
    'cpu-per-request.svg': hello && cpuChart(hello),
    'scale.svg': scale && scaleChart(scale),
  };
  for (const [name, chart] of Object.entries(charts)) {
    if (chart !== undefined) writeFileSync(join(folder, name), chart);
  }
}
