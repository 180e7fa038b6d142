/** The binaries of the runtimes. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { PEERS } from './places.ts';

export interface Runtime {
  /** `node24`, `bun`, or the name on the command line. */
  readonly name: string;
  readonly kind: 'node' | 'bun' | 'deno';
  readonly binary: string;
  readonly version: string;
}

/** The runtimes in `bench/end-to-end/package.json`. */
export const KNOWN_RUNTIMES = ['node20', 'node22', 'node24', 'node26', 'bun', 'deno'];

const IN_PACKAGE: Record<Runtime['kind'], string> = { node: 'bin/node', bun: 'bin/bun', deno: 'deno' };

/**
 * @param spec `node24`; or `name=/path/to/binary`.
 * @throws {Error} with a remedy.
 */
export function findRuntime(spec: string): Runtime {
  const equals = spec.indexOf('=');
  const name = equals === -1 ? spec : spec.slice(0, equals);
  const kind = kindOf(name);
  const binary = equals === -1 ? installed(name, kind) : spec.slice(equals + 1);
  if (!existsSync(binary)) throw new Error(`${name}: ${binary} does not exist`);
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
    throw new Error(`"${name}" is unknown; known: ${KNOWN_RUNTIMES.join(', ')}; or pass ${name}=/path`);
  }
  return join(PEERS, `${name}-${process.arch}`, IN_PACKAGE[kind]);
}
