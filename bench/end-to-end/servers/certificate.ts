/** The certificate that a server under test is started with. */
import { readFileSync } from 'node:fs';
import process from 'node:process';

/** @returns `undefined` in cases without TLS. */
export function certificate(): { cert: string; key: string } | undefined {
  const { BENCH_CERT, BENCH_KEY } = process.env;
  if (!BENCH_CERT || !BENCH_KEY) return undefined;
  return { cert: readFileSync(BENCH_CERT, 'utf8'), key: readFileSync(BENCH_KEY, 'utf8') };
}
