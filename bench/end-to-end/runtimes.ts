/** The binaries that servers run on. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { PEERS } from './places.ts';

export interface Runtime {
  /** `node24`, `bun`; or what the command line calls it. */
  readonly name: string;
  readonly kind: 'node' | 'bun' | 'deno';
  readonly binary: string;
  readonly version: string;
}

/** Those that `bench/end-to-end/package.json` brings. */
export const KNOWN_RUNTIMES = ['node20', 'node22', 'node24', 'node26', 'bun', 'deno'];

const IN_PACKAGE: Record<Runtime['kind'], string> = { node: 'bin/node', bun: 'bin/bun', deno: 'deno' };

/**
 * @param spec `node24`; or `name=/path/to/binary`.
 * @throws {Error} that says what to do about it.
 */
export function findRuntime(spec: string): Runtime {
  const equals = spec.indexOf('=');
  const name = equals === -1 ? spec : spec.slice(0, equals);
  const kind = kindOf(name);
  const binary = equals === -1 ? installed(name, kind) : spec.slice(equals + 1);
  if (!existsSync(binary)) throw new Error(`${name}: there is no ${binary}.`);
  try {
    const [first = ''] = execFileSync(binary, ['--version'], { encoding: 'utf8' }).split('\n');
    return { name, kind, binary, version: /\d+\.\d+\.\d+\S*/.exec(first)?.[0] ?? first };
  } catch (error) {
    throw new Error(`${name}: ${binary} does not run: ${(error as Error).message}`);
  }
}

export function kindOf(name: string): Runtime['kind'] {
  if (name.startsWith('bun')) return 'bun';
  return name.startsWith('deno') ? 'deno' : 'node';
}

/** Flags that a runtime needs before the script. */
export function scriptWords({ kind }: Runtime, script: string): string[] {
  return kind === 'deno' ? ['run', '-A', '--no-lock', '--node-modules-dir=manual', script] : [script];
}

function installed(name: string, kind: Runtime['kind']): string {
  if (!KNOWN_RUNTIMES.includes(name)) {
    throw new Error(
      `"${name}" is none of ${KNOWN_RUNTIMES.join(', ')}; any other is given as ${name}=/path.`,
    );
  }
  return join(PEERS, `${name}-${process.arch}`, IN_PACKAGE[kind]);
}
