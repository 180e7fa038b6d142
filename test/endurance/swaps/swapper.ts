/** Exchanges a folder for a symbolic link, again and again, as fast as the system lets it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** RENAME_EXCHANGE is 2: both names exist at every moment. */
const C = `#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int count, char **names) {
  while (syscall(SYS_renameat2, AT_FDCWD, names[1], AT_FDCWD, names[2], 2) == 0) if (getppid() == 1) return 0;
  return 1;
}
`;

/** Without a compiler or that system call: three renames, between which one of the names is missing. */
const JAVASCRIPT = `
const { renameSync } = require('node:fs');
const [folder, link] = process.argv.slice(-2);
for (;;) {
  renameSync(folder, folder + '-aside');
  renameSync(link, folder);
  renameSync(folder, link);
  renameSync(folder + '-aside', folder);
}
`;

export interface Swapper {
  /** Whether both names exist at every moment. */
  readonly isAtomic: boolean;
  stop(): Promise<void>;
}

/** @param workshop a folder for the helper. */
export async function startSwapping(workshop: string, folder: string, link: string): Promise<Swapper> {
  const helper = compiled(workshop);
  if (helper !== undefined) {
    const swapper = swapperOf(spawn(helper, [folder, link], { stdio: 'ignore' }), true);
    // A file system that can't exchange names ends it at once.
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (swapper.isRunning()) return swapper;
  }
  return swapperOf(spawn(process.execPath, ['-e', JAVASCRIPT, folder, link], { stdio: 'ignore' }), false);
}

function compiled(workshop: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const source = join(workshop, 'swap.c');
  const helper = join(workshop, 'swap');
  writeFileSync(source, C);
  try {
    execFileSync('cc', ['-O1', '-o', helper, source], { stdio: 'ignore' });
    return helper;
  } catch {
    return undefined;
  }
}

function swapperOf(child: ChildProcess, isAtomic: boolean): Swapper & { isRunning(): boolean } {
  const exit = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  return {
    isAtomic,
    isRunning: () => child.exitCode === null,
    async stop() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}
