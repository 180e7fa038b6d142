import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PROGRAM = fileURLToPath(new URL('./programs/chunks.js', import.meta.url));

async function timesMarked(how: 'paced' | 'alone'): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, how]);
  return (JSON.parse(stdout) as { marked: number }).marked;
}

test('a gigabyte of chunks is collected with hardly a mark of the whole heap', async () => {
  const [paced, alone] = await Promise.all([timesMarked('paced'), timesMarked('alone')]);
  assert.ok(paced <= 2, `${paced} times`);
  // Older versions of V8 need a larger program for it, and in newer ones the number depends on what else the machine does.
  if (process.versions.node.startsWith('24.'))
    assert.ok(alone > paced * 2, `${paced} times instead of ${alone}`);
});
