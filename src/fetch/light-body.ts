/** The members by which a message gives its content (Fetch Standard, "Body mixin"), over a `Content`. */
import { NO_OCTETS } from '../octets/no-octets.ts';
import { toArrayBuffer, toBlob, toBytes, toFormData, toJson, toText } from './body-conversions.ts';
import type { Content } from './content/content.ts';

/** The content of a message, `undefined` without a body. The key is a symbol so that applications do not see it. */
export const CONTENT: unique symbol = Symbol('content');

/** A subclass of `Base` with these members. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript wants exactly this of the base of a mixin.
export function bodyMixin<T extends abstract new (...args: any[]) => object>(Base: T) {
  abstract class LightBody extends Base {
    abstract get [CONTENT](): Content | undefined;

    get body(): ReadableStream<Uint8Array> | null {
      return this[CONTENT]?.stream ?? null;
    }

    get bodyUsed(): boolean {
      return this[CONTENT]?.isUsed ?? false;
    }

    text(): Promise<string> {
      return consume(this[CONTENT], toText);
    }

    json(): Promise<unknown> {
      return consume(this[CONTENT], toJson);
    }

    arrayBuffer(): Promise<ArrayBuffer> {
      return consume(this[CONTENT], toArrayBuffer);
    }

    bytes(): Promise<Uint8Array<ArrayBuffer>> {
      return consume(this[CONTENT], toBytes);
    }

    blob(): Promise<Blob> {
      return consume(this[CONTENT], (octets) => toBlob(octets, contentType(this as unknown as WithHeaders)));
    }

    formData(): Promise<FormData> {
      return consume(this[CONTENT], (octets) =>
        toFormData(octets, contentType(this as unknown as WithHeaders)),
      );
    }
  }
  return LightBody;
}

async function consume<T>(
  content: Content | undefined,
  convert: (octets: Uint8Array) => T | Promise<T>,
): Promise<T> {
  if (content === undefined) return convert(NO_OCTETS);
  assertUnused(content);
  return convert(await content.collect());
}

/** @throws {TypeError} if the content has been read, or is being read. */
export function assertUnused(content: Content): void {
  if (content.isUsed || content.isLocked) throw new TypeError('Body is unusable: it has already been read');
}

interface WithHeaders {
  readonly headers: Headers;
}

const contentType = ({ headers }: WithHeaders): string => headers.get('content-type') ?? '';
