/** How many file descriptors this process may have: each connection takes one. */
import { readFileSync } from 'node:fs';
import process from 'node:process';

let known: number | undefined;

/** Read once, when there are descriptors to read it with; Node raises it as far as it may when it starts. Infinity: not known. */
export function descriptorLimit(): number {
  known ??= read();
  return known;
}

function read(): number {
  // Deno would ask its user for permission.
  if (process.platform !== 'linux' || process.versions['deno'] !== undefined) return Infinity;
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? Infinity : Number(soft);
  } catch {
    return Infinity;
  }
}
