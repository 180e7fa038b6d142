/** Installs what is missing: Debian packages, the peers' npm packages, the compiled floor. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { PEERS, SOURCE } from './places.ts';
import type { Site } from './site.ts';

const INSTALL_PATIENCE_MS = 300_000;

/** Debian package → its program. */
const PROGRAMS: Record<string, string> = {
  wrk: 'wrk',
  nginx: 'nginx',
  caddy: 'caddy',
  gcc: 'cc',
  strace: 'strace',
  'nghttp2-client': 'h2load',
  h2o: 'h2o',
  openssl: 'openssl',
};

/**
 * Installs the packages whose program is missing; as root only.
 *
 * @param required packages without which there is an error; other missing packages are only reported.
 * @returns the packages that are not installed.
 */
export function installTools(required: readonly string[], optional: readonly string[]): Set<string> {
  const isMissing = (name: string) => !isInPath(PROGRAMS[name] ?? name);
  const missing = [...required, ...optional].filter(isMissing);
  if (missing.length > 0) {
    if (process.getuid?.() === 0) {
      console.error(`Installing ${missing.join(', ')} with apt-get …`);
      aptInstall(missing);
    } else {
      console.error(`Missing: ${missing.join(', ')}. As root: apt-get install ${missing.join(' ')}`);
    }
  }
  const still = missing.filter(isMissing);
  for (const name of required) {
    if (still.includes(name)) throw new Error(`${name} is missing: apt-get install ${name}`);
  }
  return new Set(still);
}

/** The peers and runtimes of `bench/end-to-end/package.json`, as its lock file has them. */
export function installPeers(): void {
  const lock = join(SOURCE, 'package-lock.json');
  const stamp = join(PEERS, '.package-lock.json');
  if (existsSync(stamp) && isInstalled(lock, stamp)) return;
  console.error('Installing the peers of bench/end-to-end/package.json (about 1 GB, once) …');
  // Without install scripts, because the packages contain their binaries. Packages for a newer Node run on their own binary.
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], SOURCE);
}

/** The C floor. */
export function compileFloor({ floor }: Site): void {
  run('cc', ['-O2', '-Wall', '-o', floor, join(SOURCE, 'servers', 'floor.c')], SOURCE);
}

/** A certificate of this machine, with a key for ECDSA as most sites have. */
export function makeCertificate({ certificate: { cert, key } }: Site): void {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'];
  run('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', cert, ...subject], '/');
  // nginx's worker runs as another user when the bench runs as root.
  chmodSync(key, 0o644);
}

interface Lock {
  readonly packages: Record<string, { readonly version?: string; readonly optional?: boolean }>;
}

/** Whether every package of the lock file is installed in its version. Optional packages may be for another machine. */
function isInstalled(lock: string, stamp: string): boolean {
  const read = (file: string) => (JSON.parse(readFileSync(file, 'utf8')) as Lock).packages;
  const installed = read(stamp);
  return Object.entries(read(lock)).every(
    ([path, { version, optional }]) =>
      path === '' || installed[path]?.version === version || (optional && installed[path] === undefined),
  );
}

function aptInstall(packages: readonly string[]): void {
  const words = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
  const environment = { DEBIAN_FRONTEND: 'noninteractive' };
  try {
    try {
      run('apt-get', words, '/', environment);
    } catch {
      // The package lists may be outdated.
      run('apt-get', ['update', '-qq'], '/', environment);
      run('apt-get', words, '/', environment);
    }
  } catch (error) {
    console.error((error as Error).message);
  }
}

function run(file: string, words: readonly string[], folder: string, environment = {}): void {
  try {
    execFileSync(file, words, {
      cwd: folder,
      timeout: INSTALL_PATIENCE_MS,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
  } catch (error) {
    const { stderr, message } = error as { stderr?: Buffer; message: string };
    throw new Error(`${file} ${words.join(' ')} failed: ${stderr?.toString().trim() || message}`);
  }
}

function isInPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}
