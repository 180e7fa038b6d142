import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuChart } from '../../../../bench/end-to-end/report/cpu-chart.ts';
import { scaleChart } from '../../../../bench/end-to-end/report/scale-chart.ts';
import { escapeText, ticks } from '../../../../bench/end-to-end/report/svg.ts';
import { caseResult, samples } from '../results.ts';

const HELLO = caseResult([
  ...samples('c-epoll', 'cpu', [5, 6, 7]),
  ...samples('bare@node24', 'cpu', [8, 8, 8]),
  ...samples('node-http@node24', 'cpu', [14, 15, 20]),
  ...samples('serval@node24', 'cpu', [9, 9, 10]),
  ...samples('serval@node20', 'cpu', [77, 77, 77]),
  ...samples('bare@node20', 'cpu', [66, 66, 66]),
  ...samples('serval@bun', 'cpu', [11, 11, 11]),
  ...samples('bun-serve@bun', 'cpu', [12, 12, 12]),
]);

/** The contents of all text elements, in the order of the document. */
function texts(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, content = '']) => content);
}

/** Every element is closed, and attributes are quoted. */
function assertWellFormed(svg: string): void {
  const open: string[] = [];
  const style = /<style>.*?<\/style>/gs;
  for (const [tag, close, name, self] of svg
    .replace(style, '')
    .matchAll(/<(\/?)([a-z]+)(?:\s[\w-]+="[^"<>&]*")*\s*(\/?)>/g)) {
    if (close === '/') assert.equal(open.pop(), name, tag);
    else if (self !== '/') open.push(name!);
  }
  assert.deepEqual(open, []);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
}

test('bars are ordered by length, with Serval among them and a ratio for each', () => {
  const svg = cpuChart(HELLO)!;
  assertWellFormed(svg);
  const names = ['Serval (Node 24)', 'Serval (bun)', 'bun-serve (bun)', 'node-http'];
  assert.deepEqual(
    texts(svg).filter((text) => names.includes(text)),
    names,
  );
  // 15 ÷ 9 in the second round lies between 14 ÷ 9 and 20 ÷ 10.
  assert.ok(texts(svg).includes('1.67'));
});

test('the floors are lines, and other versions of the runtime are omitted', () => {
  const svg = cpuChart(HELLO)!;
  assert.deepEqual(
    texts(svg).filter((text) => /^(c-epoll|bare) /.test(text)),
    ['c-epoll 6.0', 'bare 8.0'],
  );
  assert.equal(svg.match(/class="floor"/g)?.length, 2);
  assert.equal(svg.match(/class="bar( serval)?"/g)?.length, 4);
});

test('invalid samples are not drawn; without Serval there is no chart', () => {
  const broken = caseResult([
    ...samples('serval@node24', 'cpu', [9]),
    ...samples('nginx', 'cpu', [7], { invalid: ['x'] }),
  ]);
  assert.ok(!texts(cpuChart(broken)!).includes('nginx'));
  assert.equal(cpuChart(caseResult(samples('nginx', 'cpu', [7]))), undefined);
  assert.equal(cpuChart(caseResult([])), undefined);
});

test('the scale plot has a line for each server, named at its end', () => {
  const at = (key: string, point: number, values: number[]) => samples(key, 'cpu', values, { point });
  const svg = scaleChart(
    caseResult([
      ...at('serval@node24', 1, [30, 32]),
      ...at('serval@node24', 5_000, [16, 17]),
      ...at('node-http@node24', 1, [40, 45]),
      ...at('node-http@node24', 5_000, [16.4, 16.4]),
    ]),
  )!;
  assertWellFormed(svg);
  assert.equal(svg.match(/<polyline/g)?.length, 2);
  assert.deepEqual(
    texts(svg).filter((text) => /^(Serval|node-http) /.test(text)),
    ['Serval 16.5', 'node-http 16.4'],
  );
  assert.ok(texts(svg).includes('5,000'));
  assert.equal(scaleChart(caseResult([])), undefined);
});

test('marks of an axis are round numbers from 0 to beyond the longest bar', () => {
  assert.deepEqual(ticks(26), [0, 5, 10, 15, 20, 25, 30]);
  assert.deepEqual(ticks(9.9, 5), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(ticks(10, 5), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(ticks(0.3, 3), [0, 0.1, 0.2, 0.3]);
});

test('text is escaped', () => {
  assert.equal(escapeText('a<b & "c">'), 'a&lt;b &amp; &quot;c&quot;&gt;');
});
