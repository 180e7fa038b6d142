/** A form as the content of a request (HTML Standard, "multipart/form-data encoding algorithm"; RFC 7578). */
import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';

export interface EncodedForm {
  readonly type: string;
  readonly length: number;
  /** Octets, and files that are read when it is their turn. */
  readonly parts: readonly (Uint8Array | Blob)[];
}

export function encodedForm(form: FormData): EncodedForm {
  const boundary = `----formdata-${randomUUID()}`;
  const parts: (Uint8Array | Blob)[] = [];
  let text = '';
  for (const [name, value] of form) {
    text += `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(withCRLF(name))}"`;
    if (typeof value === 'string') {
      text += `\r\n\r\n${withCRLF(value)}\r\n`;
      continue;
    }
    const type = value.type === '' ? 'application/octet-stream' : value.type;
    text += `; filename="${escaped(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`;
    parts.push(Buffer.from(text), value);
    text = '\r\n';
  }
  parts.push(Buffer.from(`${text}--${boundary}--\r\n`));
  const length = parts.reduce((sum, part) => sum + (part instanceof Blob ? part.size : part.length), 0);
  return { type: `multipart/form-data; boundary=${boundary}`, length, parts };
}

/** The content from its beginning. */
export async function* formPieces({ parts }: EncodedForm): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Blob) yield* part.stream();
    else yield part;
  }
}

const withCRLF = (text: string): string => text.replace(/\r\n?|\n/g, '\r\n');

const escaped = (text: string): string =>
  text.replace(/[\r\n"]/g, (character) => `%${character === '"' ? '22' : character === '\r' ? '0D' : '0A'}`);
