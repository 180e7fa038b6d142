/** The files of a form, as they arrive. */
import { NEED_OCTETS } from '../../octets/results.ts';
import { CONTENT, END, MultipartDecoder, PART, PART_END } from './multipart-decoder.ts';
import { UploadRefusal } from './refusal.ts';

export interface FormFile {
  /** As the client sent it. */
  readonly fileName: string;
  /** Read it before the next file. The rest of it is skipped then. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * The files in multipart/form-data (RFC 7578). Other fields are skipped.
 *
 * The content of the request is read only as fast as the files are read.
 *
 * @throws {UploadRefusal} for a form that is malformed or incomplete, or has too many parts; and what `chunks` throws.
 */
export async function* formFiles(
  chunks: AsyncIterator<Uint8Array>,
  boundary: string,
): AsyncGenerator<FormFile> {
  const decoder = new MultipartDecoder(boundary);
  const next = async (): Promise<number> => {
    for (;;) {
      const result = decoder.next();
      if (result === NEED_OCTETS) {
        const { done, value } = await chunks.next();
        if (done) throw new UploadRefusal(400, 'The form is incomplete.');
        decoder.push(value);
      } else if (result < 0) throw refusalOf(decoder);
      else return result;
    }
  };
  async function* contentOf(): AsyncGenerator<Uint8Array> {
    while ((await next()) === CONTENT) yield decoder.content;
    partIsOver = true;
  }
  let partIsOver = true;
  for (;;) {
    // The rest of a file that was not read to its end is skipped.
    while (!partIsOver) partIsOver = (await next()) === PART_END;
    const result = await next();
    if (result === END) return;
    if (result !== PART) continue;
    partIsOver = false;
    const { fileName } = decoder.part;
    if (fileName !== undefined) yield { fileName, content: contentOf() };
  }
}

function refusalOf({ failure }: MultipartDecoder): UploadRefusal {
  return failure === 'too-many-parts'
    ? new UploadRefusal(413, 'There are too many files in one form.')
    : new UploadRefusal(400, 'The form is not well-formed multipart/form-data.');
}
