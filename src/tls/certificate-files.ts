/** Certificates that stand in files, and are taken up again when the files change. */
import { readFileSync, statSync } from 'node:fs';
import { type Clock, systemClock } from '../io/clock.ts';
import { checkInteger, checkType, refusal } from '../options/checks.ts';
import type { TlsCertificate } from './identity.ts';
import { resolveTls, type TlsOptions } from './options.ts';
import type { TlsSource } from './source.ts';

/** The names of files, where {@link TlsOptions} has their content. */
export interface CertificateFilesOptions
  extends Pick<TlsOptions, 'alpn' | 'requestCert' | 'minVersion' | 'ciphers' | 'passphrase'> {
  cert?: string | readonly string[];
  key?: string | readonly string[];
  ca?: string | readonly string[];
  sni?: Readonly<Record<string, { cert: string | readonly string[]; key: string | readonly string[] }>>;
  /** Milliseconds between two looks at the files. Default 2,000; 0: only {@link CertificateFiles.reload} reads them again. */
  interval?: number;
  /** Hears of certificates that were taken up. */
  onReload?: () => void;
  /** Hears why they were not, once for each change of the files. Default: a line on standard error. */
  onError?: (error: Error) => void;
}

const DEFAULT_INTERVAL_MS = 2_000;
const MOST_INTERVAL_MS = 2 ** 31 - 1;

/**
 * Reads certificates from files, for `options.tls`. They are taken up again when the files change, without losing a connection.
 * While the files don't fit together, as between the writing of one and the other, those from before stay.
 *
 * ```ts
 * const tls = certificateFiles({ cert: 'cert.pem', key: 'key.pem' });
 * process.on('SIGHUP', () => tls.reload());
 * serve(handler, { port: 443, tls });
 * ```
 *
 * @throws {TypeError | RangeError} for options and files that can't be used; {Error} with the system's `code` for files that can't
 *   be read.
 */
export function certificateFiles(
  options: CertificateFilesOptions,
  clock: Clock = systemClock,
): CertificateFiles {
  return new CertificateFiles(options, clock);
}

export class CertificateFiles implements TlsSource {
  #tls: TlsOptions;
  /** What the files were when they were read last, whether they were good or not. */
  #seen: string;
  /** What they were at the last look. They are read when two looks in a row see the same: nobody is writing any more. */
  #glimpse: string;
  #stop: (() => void) | undefined;
  readonly #options: CertificateFilesOptions;
  readonly #files: readonly string[];
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();

  /** @internal Not for users: see {@link certificateFiles}. */
  constructor(options: CertificateFilesOptions, clock: Clock) {
    const { interval } = options;
    checkInteger('options.interval', interval, 0, MOST_INTERVAL_MS);
    checkType('options.onReload', options.onReload, 'function');
    checkType('options.onError', options.onError, 'function');
    this.#options = options;
    this.#clock = clock;
    this.#files = [
      ...filesOf('options', options),
      ...Object.entries(options.sni ?? {}).flatMap(([name, pair]) => filesOf(nameOf(name), pair)),
    ];
    this.#glimpse = this.#seen = this.#look();
    this.#tls = this.#read();
  }

  get tls(): TlsOptions {
    return this.#tls;
  }

  subscribe(onChange: () => void): () => void {
    this.#listeners.add(onChange);
    const { interval = DEFAULT_INTERVAL_MS } = this.#options;
    // Looking costs two system calls, works on every file system, and sees what is replaced by renaming a folder.
    if (interval > 0) this.#stop ??= this.#clock.every(interval, () => this.#check());
    return () => {
      this.#listeners.delete(onChange);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  }

  /** Reads the files now. @returns whether what is in them is used; if not, `onError` has been told why. */
  reload(): boolean {
    this.#glimpse = this.#seen = this.#look();
    try {
      this.#tls = this.#read();
    } catch (error) {
      const onError = this.#options.onError ?? printError;
      onError(error as Error);
      return false;
    }
    for (const listener of this.#listeners) listener();
    this.#options.onReload?.();
    return true;
  }

  #check(): void {
    const before = this.#glimpse;
    this.#glimpse = this.#look();
    if (this.#glimpse === before && this.#glimpse !== this.#seen) this.reload();
  }

  /** What tells one state of the files from another. */
  #look(): string {
    return this.#files
      .map((file) => {
        const found = statSync(file, { throwIfNoEntry: false });
        return found === undefined ? '' : `${found.dev} ${found.ino} ${found.size} ${found.mtimeMs}`;
      })
      .join();
  }

  /** @throws {Error} for files that can't be read, or used. */
  #read(): TlsOptions {
    const { interval: _, onReload: __, onError: ___, sni, ...rest } = this.#options;
    const tls = {
      ...rest,
      ...contents('options', rest),
      ...(sni !== undefined && {
        sni: Object.fromEntries(
          Object.entries(sni).map(([name, pair]) => [
            name,
            { ...pair, ...contents(nameOf(name), pair) } as TlsCertificate,
          ]),
        ),
      }),
    } as TlsOptions;
    resolveTls(tls, this.#clock.date(), 'options');
    return tls;
  }
}

const MEMBERS = ['cert', 'key', 'ca'] as const;

const nameOf = (serverName: string): string => `options.sni[${JSON.stringify(serverName)}]`;

/** @throws {TypeError} for what is no name of a file. */
function filesOf(option: string, named: CertificateFilesOptions): string[] {
  return MEMBERS.flatMap((member) =>
    [named[member] ?? []].flat().map((file: unknown) => {
      if (typeof file === 'string') return file;
      throw new TypeError(refusal(`${option}.${member}`, 'the name of a file', file));
    }),
  );
}

function contents(option: string, named: CertificateFilesOptions): Partial<TlsOptions> {
  const read = MEMBERS.flatMap((member) => {
    const files = named[member];
    if (files === undefined) return [];
    return [[member, [files].flat().map((file) => contentOf(`${option}.${member}`, file))]];
  });
  return Object.fromEntries(read);
}

function contentOf(option: string, file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    (error as Error).message = `${option}: can't read the file: ${(error as Error).message}`;
    throw error;
  }
}

function printError(error: Error): void {
  console.error(`serval: the certificate was not replaced, the one before stays: ${error.message}`);
}
