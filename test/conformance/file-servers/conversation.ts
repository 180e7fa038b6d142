/** One server and what is known of it: the cases ask through this. */
import { isEntityTag } from '../../../src/semantics/entity-tag.ts';
import type { Answer } from './answer.ts';
import { type Question, ask as send } from './ask.ts';

/** Why a case says nothing of this server: it lacks what the RFC leaves it free to lack. */
export class NotAsked extends Error {
  override name = 'NotAsked';
}

export class Conversation {
  readonly port: number;
  /** The folder that the server serves. */
  readonly root: string;
  readonly ask: (question: Question) => Promise<Answer>;
  readonly #known = new Map<string, Promise<Answer>>();

  /** @param ask what sends a question to `port`; a test may answer it itself. */
  constructor(
    port: number,
    root: string,
    ask: (question: Question) => Promise<Answer> = (question) => send(port, question),
  ) {
    this.port = port;
    this.root = root;
    this.ask = ask;
  }

  /** What a plain GET is answered, asked once. Without `coding`, an empty Accept-Encoding wishes for none. */
  known(target: string, coding = ''): Promise<Answer> {
    const key = `${coding} ${target}`;
    const answer = this.#known.get(key) ?? this.ask({ target, fields: [`Accept-Encoding: ${coding}`] });
    this.#known.set(key, answer);
    return answer;
  }

  /** @throws {NotAsked} without one: it SHOULD be there (RFC 9110 §8.8.3.1), and a case of its own says so. */
  async tag(target: string, coding = ''): Promise<string> {
    const tag = (await this.known(target, coding)).field('etag');
    if (tag === undefined || !isEntityTag(tag)) throw new NotAsked('it sends no entity tag');
    return tag;
  }

  /** @throws {NotAsked} if it is weak, as it may be (RFC 9110 §8.8.1). */
  async strongTag(target: string, coding = ''): Promise<string> {
    const tag = await this.tag(target, coding);
    if (tag.startsWith('W/')) throw new NotAsked('its entity tags are weak');
    return tag;
  }

  /** In milliseconds. @throws {NotAsked} without one: it SHOULD be there (RFC 9110 §8.8.2.1). */
  async lastModified(target: string): Promise<number> {
    const date = Date.parse((await this.known(target)).field('last-modified') ?? '');
    if (Number.isNaN(date)) throw new NotAsked('it sends no Last-Modified');
    return date;
  }

  /** Whether it supports ranges of this: it need not (RFC 9110 §14.2). */
  async supportsRanges(target: string): Promise<boolean> {
    if ((await this.known(target)).field('accept-ranges')?.toLowerCase() === 'bytes') return true;
    return (await this.ask({ target, fields: ['Range: bytes=0-0'] })).status === 206;
  }
}
