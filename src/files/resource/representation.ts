import { PreparedFields, PreparedOctets } from '../../fetch/prepared.ts';
import { weakenEntityTag } from '../../semantics/entity-tag.ts';
import { serializeHttpDate } from '../../semantics/http-date.ts';
import type { FileState } from './file-state.ts';
import { entityTag, lastModified, ownDate } from './validators.ts';

/** The properties that all representations of a file share. */
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
  /** The request fields that decide which of them is sent, if any do (RFC 9110 §12.5.5). */
  readonly vary: string | undefined;
}

export type Fields = Readonly<Record<string, string>>;

/**
 * One form in which a file can be sent: the file itself, a precompressed sibling, or a coded form made here. Each has its own
 * validators. Its fields are made once.
 */
export class Representation {
  /** `identity` for none. */
  readonly coding: string;
  readonly length: number;
  readonly etag: string;
  /** Whole seconds of Unix time. */
  readonly lastModified: number;
  /** The fields of a 200. */
  readonly fields: Fields;
  /** The same, ready to be sent. */
  readonly init: { readonly headers: PreparedFields };
  /** The file that has its content, and the state of that file. */
  readonly path: string;
  readonly state: FileState;
  /** Whether ranges of it can be sent. A form that is coded here may be coded again, with another result. */
  readonly isRangeable: boolean;
  #content: Buffer | undefined;
  #prepared: PreparedOctets | undefined;
  readonly #description: Description;

  /** @param coded the content of a form that was coded here. */
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

  /** The same representation, of another state of the file. */
  asOf(state: FileState): Representation {
    return new Representation(this.#description, this.coding, this.path, state);
  }

  /** The content, if it is in memory. */
  get content(): Buffer | undefined {
    return this.#content;
  }

  set content(octets: Buffer) {
    this.#content = octets;
  }

  /** The content in memory, ready to be sent. It is prepared at its first use. */
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

  /** Whether no other representation has its Last-Modified, which can be a strong validator then (RFC 9110 §8.8.2.2). */
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

  /** The fields that a 304 must have, without those that describe the content (RFC 9110 §15.4.5). */
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

/** A precompressed sibling is a file with a state of its own. The suffix distinguishes it if the two states are equal. */
function storedTag(state: FileState, coding: string): string {
  return entityTag(state, coding === 'identity' ? '' : `.${coding}`);
}

/**
 * The tag of a form that is coded here. It is weak (RFC 9110 §8.8.1): another version of zlib, or another processor, can give
 * other bytes for the same file. A strong tag would be of no use, since the form has no ranges.
 */
export function codedTag(state: FileState, coding: string): string {
  return weakenEntityTag(entityTag(state, `-${coding}`));
}
