/** Runs the steps that make this machine trust the authority. Each command is printed before it runs. */
import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import process from 'node:process';
import type { TrustStep } from '../../tls/development/trust-step.ts';
import { complain, print } from '../output.ts';
import { commandLine } from './command-line.ts';

/** @returns whether every step was done. */
export function installTrust(steps: readonly TrustStep[]): boolean {
  const isRoot = process.getuid?.() === 0;
  let isDone = true;
  for (const { what, command, advice, needsRoot = false, mayFail = false } of steps) {
    if (command === undefined) {
      print(`${what}: ${advice}\n`);
      continue;
    }
    const takesSudo = needsRoot && !isRoot;
    const line = commandLine(command, takesSudo);
    // sudo asks for the password itself. Without a terminal it could not, so the user has to run the command.
    if (takesSudo && !process.stdin.isTTY) {
      complain(`${what}: not done, because it requires root: ${line}`);
      isDone = false;
      continue;
    }
    print(`${what}: ${line}\n`);
    if (run(takesSudo ? ['sudo', ...command] : command, mayFail) || mayFail) continue;
    complain(`${what}: the command failed`);
    isDone = false;
  }
  return isDone;
}

function run([program, ...words]: readonly string[], isQuiet: boolean): boolean {
  // Programs of the superuser are not in the PATH of every user.
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin${delimiter}/sbin` };
  const { status, error } = spawnSync(program!, words, { stdio: isQuiet ? 'ignore' : 'inherit', env });
  if (error !== undefined) complain(error.message);
  return status === 0;
}
