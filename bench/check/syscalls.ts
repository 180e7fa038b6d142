/** Counts a process's system calls with `strace -c` during an action. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ATTACH_PATIENCE_MS = 5_000;

/** @returns how often each system call was made. */
export async function countSyscalls(pid: number, what: () => Promise<void>): Promise<Map<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'serval-strace-'));
  const file = join(folder, 'summary');
  const strace = spawn('strace', ['-f', '-c', '-o', file, '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    const ended = new Promise<void>((resolve, reject) => {
      strace.once('error', reject);
      strace.once('close', () => resolve());
    });
    await Promise.race([
      attached(strace.stderr),
      ended.then(() => Promise.reject(new Error('strace ended'))),
    ]);
    await what();
    strace.kill('SIGINT');
    await ended;
    return parseSummary(readFileSync(file, 'utf8'));
  } finally {
    strace.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reads the table of `strace -c`: the fourth column has the calls, the last one the name. */
export function parseSummary(summary: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of summary.split('\n')) {
    const match = /^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?([a-z_]\w*)$/.exec(line);
    if (match !== null && match[2] !== 'total') counts.set(match[2]!, Number(match[1]));
  }
  return counts;
}

function attached(stderr: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => {
      reject(new Error(`strace does not attach${said === '' ? '' : `: ${said.trim()}`}`));
    }, ATTACH_PATIENCE_MS);
    stderr.on('data', (text) => {
      said += text;
      if (!/attached/.test(said)) return;
      clearTimeout(timer);
      resolve();
    });
  });
}
