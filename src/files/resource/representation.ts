import { PreparedFields, PreparedOctets } from '../../fetch/prepared.ts';
import { weakenEntityTag } from '../../semantics/entity-tag.ts';
import { serializeHttpDate } from '../../semantics/http-date.ts';
import type { FileState } from './file-state.ts';
import { entityTag, lastModified, ownDate } from './validators.ts';

/** What all representations of a file have in common. */
export interface Description {
  /** From the root, decoded, by the names that the file system holds: `/docs/index.html`. */
  readonly servedPath: string;
  readonly contentType: string;
  readonly cacheControl: string | undefined;
  readonly contentDisposition: string | undefined;
  /** Whether the file is sent in more than one coding. */
  readonly hasCodings: boolean;
  /** Whether a build tool has named it after its content. */
  readonly isImmutable: boolean;
  /** What besides the URL decides which of them is sent, if anything does (RFC 9110 §12.5.5). */
  readonly vary: string | undefined;
}

export type Fields = Readonly<Record<string, string>>;

/**
 * One form of a file that can be sent: the file itself, a precompressed one beside it, or what was coded from it. It has
 * validators of its own, and its fields are made once.
 */
export class Representation {
  /** `identity` for none. */
  readonly coding: string;
  readonly length: number;
  readonly etag: string;
  /** Whole seconds of Unix time. */
  readonly lastModified: number;
  /** Of the answer that has all of it. */
  readonly fields: Fields;
  /** The same, ready to be sent. */
  readonly init: { readonly headers: PreparedFields };
  /** Where its octets are, and in which state. */
  readonly path: string;
  readonly state: FileState;
  /** Whether it can be sent in part: octets that are coded anew each time they are not at hand can not. */
  readonly isRangeable: boolean;
  #content: Buffer | undefined;
  #prepared: PreparedOctets | undefined;
  readonly #description: Description;

  /** @param coded what was coded from the file, if that is what this is. */
  constructor(description: Description, coding: string, path: string, state: FileState, coded?: Buffer) {
    this.#description = description;
    this.coding = coding;
    this.path = path;
    this.state = state;
    this.#content = coded;
    this.isRangeable = coded === undefined;
    this.length = coded?.length ?? state.size;
    this.etag = coded === undefined ? storedTag(state, coding) : codedTag(state, coding);
    this.lastModified = lastModified(state);
    this.fields = this.#makeFields();
    this.init = { headers: new PreparedFields(this.fields) };
  }

  /** The same, when the file turns out to be in another state. */
  asOf(state: FileState): Representation {
    return new Representation(this.#description, this.coding, this.path, state);
  }

  /** The octets, where they are held in memory. */
  get content(): Buffer | undefined {
    return this.#content;
  }

  set content(octets: Buffer) {
    this.#content = octets;
  }

  /** The octets that are held, ready to be sent; made when they are first wanted. */
  get prepared(): PreparedOctets | undefined {
    if (this.#content !== undefined) this.#prepared ??= new PreparedOctets(this.#content);
    return this.#prepared;
  }

  get servedPath(): string {
    return this.#description.servedPath;
  }

  get contentType(): string {
    return this.#description.contentType;
  }

  /** Whether its Last-Modified is that of no other: then it is as good as a strong tag (RFC 9110 §8.8.2.2). */
  get hasDateOfItsOwn(): boolean {
    return !this.#description.hasCodings;
  }

  #makeFields(): Fields {
    const { contentType, contentDisposition } = this.#description;
    const fields: Record<string, string> = {
      'Content-Type': contentType,
      'Content-Length': String(this.length),
      'Last-Modified': serializeHttpDate(this.lastModified * 1000),
      'X-Content-Type-Options': 'nosniff',
    };
    if (this.coding !== 'identity') fields['Content-Encoding'] = this.coding;
    if (this.isRangeable) fields['Accept-Ranges'] = 'bytes';
    if (contentDisposition !== undefined) fields['Content-Disposition'] = contentDisposition;
    return Object.assign(fields, this.#fieldsThatStay());
  }

  /** Those of {@link init} that a 304 has to have, and no others that describe the content (RFC 9110 §15.4.5). */
  fieldsOfNotModified(): Fields {
    return { ...this.#fieldsThatStay(), 'X-Content-Type-Options': 'nosniff' };
  }

  #fieldsThatStay(): Fields {
    const { cacheControl, vary } = this.#description;
    const date = ownDate(this.state);
    return {
      ETag: this.etag,
      ...(cacheControl === undefined ? {} : { 'Cache-Control': cacheControl }),
      ...(vary === undefined ? {} : { Vary: vary }),
      ...(date === undefined ? {} : { Date: date }),
    };
  }
}

/** A precompressed file is its own state of its own file; the name of the coding is there for the odd equal pair. */
function storedTag(state: FileState, coding: string): string {
  return entityTag(state, coding === 'identity' ? '' : `.${coding}`);
}

/**
 * The tag of what is coded here. It is weak (RFC 9110 §8.8.1): another version of zlib, or the same one on a processor that
 * it has faster code for, makes other octets of the same file. Nothing is lost by it, as there are no ranges of them.
 */
export function codedTag(state: FileState, coding: string): string {
  return weakenEntityTag(entityTag(state, `-${coding}`));
}
