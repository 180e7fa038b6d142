import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import { code } from '../../../src/files/resource/coded-content.ts';

test('coded content has memory of its own', async () => {
  const content = Buffer.alloc(5000, 'serval');
  const coded = await code('br', content);
  assert.ok(brotliDecompressSync(coded).equals(content));
  assert.equal(coded.buffer.byteLength, coded.length);
});
