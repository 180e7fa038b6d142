/**
 * `npm run bench:micro`: the pure core alone, without a socket. Runs on any runtime.
 *
 *     npm run bench:micro                                      everything
 *     node build/bench/micro/main.js chunked parse             those with one of these in their names
 *     bun build/bench/micro/main.js                            on Bun
 *     node build/bench/micro/main.js --json                    for programs
 */
import process from 'node:process';
import { CHUNKED_DECODER } from './http1/chunked-decoder.ts';
import { FIELD_SECTION } from './http1/field-section.ts';
import { REQUEST_DECODER } from './http1/request-decoder.ts';
import { RESPONSE_ENCODER } from './http1/response-encoder.ts';
import { HTTP2_CONNECTION } from './http2/connection.ts';
import { HEADER_BLOCK } from './http2/header-block.ts';
import { type MicroResult, measure } from './measure.ts';

const ALL = [
  ...REQUEST_DECODER,
  ...FIELD_SECTION,
  ...CHUNKED_DECODER,
  ...RESPONSE_ENCODER,
  ...HEADER_BLOCK,
  ...HTTP2_CONNECTION,
];

const words = process.argv.slice(2);
const filters = words.filter((word) => !word.startsWith('--'));
const unknown = words.find((word) => word.startsWith('--') && word !== '--json');
const chosen = ALL.filter(
  ({ about, what }) => filters.length === 0 || filters.some((filter) => `${about}: ${what}`.includes(filter)),
);

if (unknown !== undefined || chosen.length === 0) {
  const why = unknown === undefined ? `nothing is called ${filters.join(' or ')}` : `no option ${unknown}`;
  console.error(`bench:micro: ${why}. Known:`);
  for (const { about, what } of ALL) console.error(`  ${about}: ${what}`);
  process.exit(2);
}

if (words.includes('--json')) {
  console.log(JSON.stringify(chosen.map((micro) => measure(micro))));
} else {
  console.log(`${runtimeName()}; medians of 15 batches, and their range`);
  for (const micro of chosen) console.log(line(measure(micro)));
}

function line({ about, what, nanoseconds, octetsPerSecond }: MicroResult): string {
  const { median, min, max } = nanoseconds;
  const time = `${amount(median)} ns`.padStart(12);
  const range = `(${amount(min)} – ${amount(max)})`.padEnd(20);
  const speed = octetsPerSecond === undefined ? '' : `${(octetsPerSecond / 1e9).toFixed(2)} GB/s`;
  return `${about.padEnd(24)} ${what.padEnd(42)} ${time} ${range} ${speed}`.trimEnd();
}

function amount(nanoseconds: number): string {
  return nanoseconds.toLocaleString('en', { maximumFractionDigits: nanoseconds < 100 ? 1 : 0 });
}

function runtimeName(): string {
  const { bun, deno } = process.versions;
  if (bun !== undefined) return `Bun ${bun}`;
  return deno === undefined ? `Node ${process.versions.node}` : `Deno ${deno}`;
}
