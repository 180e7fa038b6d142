/**
 * What ACME keeps in files: the account, each certificate with its key, orders that are not finished, and the answers to
 * questions of the authority. All workers read them, so any of them can be asked.
 *
 * Each file is replaced in one step, and belongs to its owner alone.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfAny, writePrivately } from '../io/private-file.ts';
import type { ChallengeBoard, ChallengeType, PendingOrder } from './order.ts';

export interface Account {
  /** PEM. */
  readonly key: string;
  /** Its URL; absent until the authority has made it. */
  readonly url?: string;
}

/** How renewing goes. In milliseconds since 1970. */
export interface RenewalState {
  /** In a row. */
  readonly failures: number;
  /** Not before. */
  readonly nextAttempt: number;
  /** What the authority suggests, and until when that counts. */
  readonly renewAt?: number;
  readonly suggestedUntil?: number;
}

const NO_STATE: RenewalState = { failures: 0, nextAttempt: 0 };

export class Storage implements ChallengeBoard {
  /** Of the certificate and its key, in one file: they can't be of different orders. */
  readonly certificateFile: string;
  readonly lockFile: string;
  readonly #folder: string;
  readonly #challenges: string;
  readonly #accountFile: string;
  readonly #orderFile: string;
  readonly #stateFile: string;

  /**
   * @param folder of all authorities.
   * @param directory the URL of one: staging and production have nothing in common.
   * @param name the first of the certificate.
   */
  constructor(folder: string, directory: string, name: string) {
    const authority = join(folder, fileName(new URL(directory).host));
    this.#folder = join(authority, fileName(name));
    this.#challenges = join(authority, 'challenges');
    this.#accountFile = join(authority, 'account.json');
    this.certificateFile = join(this.#folder, 'certificate.pem');
    this.lockFile = join(this.#folder, 'lock');
    this.#orderFile = join(this.#folder, 'order.json');
    this.#stateFile = join(this.#folder, 'state.json');
  }

  account(): Promise<Account | undefined> {
    return this.#readJson(this.#accountFile);
  }

  setAccount(account: Account): Promise<void> {
    return writeJson(this.#accountFile, account);
  }

  /** @returns the chain and the key, as PEM. */
  async certificate(): Promise<{ cert: string; key: string } | undefined> {
    const text = await readIfAny(this.certificateFile);
    return text === undefined ? undefined : pairIn(text);
  }

  async setCertificate(cert: string, key: string): Promise<void> {
    await writePrivately(this.certificateFile, `${key.trim()}\n${cert}`);
    await rm(this.#orderFile, { force: true });
  }

  order(): Promise<PendingOrder | undefined> {
    return this.#readJson(this.#orderFile);
  }

  setOrder(order: PendingOrder): Promise<void> {
    return writeJson(this.#orderFile, order);
  }

  async forgetOrder(): Promise<void> {
    await rm(this.#orderFile, { force: true });
  }

  async state(): Promise<RenewalState> {
    return (await this.#readJson<RenewalState>(this.#stateFile)) ?? NO_STATE;
  }

  setState(state: RenewalState): Promise<void> {
    return writeJson(this.#stateFile, state);
  }

  // --- questions of the authority ---

  put(type: ChallengeType, name: string, token: string, authorization: string): Promise<void> {
    return writePrivately(this.#challengeFile(type, name, token), authorization);
  }

  async remove(type: ChallengeType, name: string, token: string): Promise<void> {
    await rm(this.#challengeFile(type, name, token), { force: true });
  }

  /** @param id the token for `http-01`, the name for `tls-alpn-01`: as a client says it. */
  async answerTo(type: ChallengeType, id: string): Promise<string | undefined> {
    if (!isFileName(id)) return undefined;
    return readIfAny(this.#challengeFile(type, id, id));
  }

  /** What a process that was killed has left. Only to be called by who holds the lock. */
  async sweepPartials(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    // As `writePrivately` names them.
    const partial = names.filter((name) => /\.[0-9a-f]{12}$/.test(name));
    await Promise.all(partial.map((name) => rm(join(this.#folder, name), { force: true })));
  }

  #challengeFile(type: ChallengeType, name: string, token: string): string {
    return join(this.#challenges, `${type}-${fileName(type === 'http-01' ? token : name)}`);
  }

  /** A file that can't be read as JSON was damaged by hand: it counts as none. */
  async #readJson<T>(file: string): Promise<T | undefined> {
    const text = await readIfAny(file);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as T;
    } catch {
      return undefined;
    }
  }
}

const writeJson = (file: string, value: object): Promise<void> =>
  writePrivately(file, `${JSON.stringify(value, undefined, 2)}\n`);

/** Tokens are base64url (RFC 8555 §8), names are letters, digits, hyphens and dots: neither leads out of the folder. */
const isFileName = (text: string): boolean => /^[\w-][\w.-]{0,250}$/.test(text);

const fileName = (text: string): string => text.replace(/[^\w.-]/g, '_').replace(/^\./, '_');

const BLOCK = /-----BEGIN ([A-Z ]+)-----[^-]*-----END \1-----/g;

/** The blocks of a PEM file. */
function pairIn(text: string): { cert: string; key: string } | undefined {
  const blocks = [...text.matchAll(BLOCK)];
  const certs = blocks.filter(([, label]) => label === 'CERTIFICATE').map(([block]) => block);
  const key = blocks.find(([, label]) => label!.endsWith('PRIVATE KEY'))?.[0];
  return certs.length === 0 || key === undefined
    ? undefined
    : { cert: `${certs.join('\n')}\n`, key: `${key}\n` };
}
