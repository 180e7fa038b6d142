/** What a check is, and how it runs a program. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export interface Check {
  readonly name: string;
  /** What is so when it passes. */
  readonly title: string;
  /**
   * @param scratch an empty folder of its own.
   * @returns what else there is to say, a line each.
   * @throws {NotAvailable} when it can't be told here.
   * @throws {Error} that says what is wrong.
   */
  run(scratch: string): readonly string[] | Promise<readonly string[]>;
}

export class NotAvailable extends Error {}

/** The root of the checkout; this file runs from build/deploy/check/. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const DEPLOY = join(ROOT, 'deploy');

const PATIENCE_MS = 30_000;

export function deployed(name: string): string {
  return readFileSync(join(DEPLOY, name), 'utf8');
}

/** @throws {NotAvailable} when none of the folders of PATH has it. */
export function needs(program: string): void {
  // Debian keeps servers where the PATH of a user does not lead.
  const folders = `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`.split(delimiter);
  if (!folders.some((folder) => existsSync(join(folder, program))))
    throw new NotAvailable(`there is no ${program} here`);
}

/**
 * @returns what it printed, to either stream.
 * @throws {Error} with that, when it does not end with 0.
 */
export function runProgram(program: string, words: readonly string[], input?: string): string {
  const { status, signal, stdout, stderr, error } = spawnSync(program, words, {
    encoding: 'utf8',
    timeout: PATIENCE_MS,
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin${delimiter}/sbin` },
    ...(input === undefined ? {} : { input }),
  });
  if (status === 0) return `${stdout}${stderr}`;
  const said = `${stdout ?? ''}${stderr ?? ''}`.trim();
  throw new Error(
    `${program} ${words.join(' ')} ended with ${signal ?? status ?? error?.message}\n${said}`.trim(),
  );
}

/** @throws {Error} with all that is wrong. */
export function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(faults.join('\n'));
}
