/** The interface of a check, and how it runs a program. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../../test/support/find-program.ts';

export interface Check {
  readonly name: string;
  /** What the check verifies. */
  readonly title: string;
  /**
   * @param scratch an empty folder for this check.
   * @returns further information, a line each.
   * @throws {NotAvailable} when a program is not installed.
   * @throws {Error} with the faults.
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

/** @throws {NotAvailable} when it is not installed. */
export function needs(program: string): void {
  if (findProgram(program) === undefined) throw new NotAvailable(`${program} is not installed`);
}

/**
 * @returns its output to stdout and stderr.
 * @throws {Error} with the output, unless it ends with status 0.
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

/** @throws {Error} with all faults, if there are any. */
export function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(faults.join('\n'));
}
