import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { test } from 'node:test';
import {
  cpuSeconds,
  endedChildrenCpuSeconds,
  parseResident,
  parseStat,
  residentOctets,
  treeOf,
} from '../../../bench/end-to-end/process-tree.ts';

const onLinux = { skip: process.platform !== 'linux' };

const LINE =
  '4711 (node) S 42 4711 4711 0 -1 4194304 5139 17 0 0 123 45 6 7 20 0 11 0 981 1048576 2048 18446744073709551615';

test('a line of /proc/<pid>/stat gives parent, own ticks, and ticks of ended children', () => {
  assert.deepEqual(parseStat(LINE), { pid: 4711, parent: 42, ticks: 168, childTicks: 13 });
});

test('the name of a program may contain parentheses and spaces', () => {
  assert.deepEqual(parseStat(LINE.replace('(node)', '(a) S 1 (b c)')), parseStat(LINE));
});

test('another line is refused', () => {
  for (const line of ['', 'cpu 1 2 3', '4711 (node) S', LINE.replace(' 123 ', ' x ')]) {
    assert.throws(() => parseStat(line), /not a line of \/proc/, line);
  }
});

test('resident memory is VmRSS in bytes; an ending process has none', () => {
  assert.equal(
    parseResident('Name:\tnode\nVmHWM:\t  9999 kB\nVmRSS:\t  2048 kB\nThreads:\t1\n'),
    2048 * 1024,
  );
  assert.equal(parseResident('Name:\tnode\nState:\tZ (zombie)\n'), 0);
});

test('a tree is the root and its descendants only', () => {
  const stat = (pid: number, parent: number) => ({ pid, parent, ticks: 0, childTicks: 0 });
  const all = [stat(5, 4), stat(1, 0), stat(4, 2), stat(2, 1), stat(3, 1)];
  assert.deepEqual(
    treeOf(all, 2).map(({ pid }) => pid),
    [2, 4, 5],
  );
  assert.deepEqual(treeOf(all, 99), []);
});

test('the time of this process grows, and its ended children are counted', onLinux, () => {
  const before = { own: cpuSeconds(process.pid), children: endedChildrenCpuSeconds() };
  execFileSync(process.execPath, ['-e', 'while (process.cpuUsage().user < 300_000);']);
  assert.ok(endedChildrenCpuSeconds() - before.children >= 0.1);
  assert.ok(cpuSeconds(process.pid) - before.own >= 0.1);
  assert.ok(residentOctets(process.pid) > 10_000_000);
});
