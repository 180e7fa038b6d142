/** The messages that fuzzing starts from: small files with the octets of one conversation each. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const CORPUS = join(ROOT, 'test/fuzz/corpus');
export const RESPONSE_CORPUS = join(ROOT, 'test/fuzz/responses');

export interface CorpusEntry {
  readonly name: string;
  readonly octets: Buffer;
}

export function readCorpus(folder: string): CorpusEntry[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.http'));
  if (names.length === 0) throw new Error(`No *.http file in ${folder}`);
  return names.sort().map((name) => ({ name, octets: readFileSync(join(folder, name)) }));
}
