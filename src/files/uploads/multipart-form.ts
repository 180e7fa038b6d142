/** The files of a form, as the request brings them. */
import { NEED_OCTETS } from '../../octets/results.ts';
import { CONTENT, END, MultipartDecoder, PART, PART_END } from './multipart-decoder.ts';
import { UploadRefusal } from './refusal.ts';

export interface FormFile {
  /** As the client sent it. */
  readonly fileName: string;
  /** To be read before the next file is asked for; what is left of it then is passed over. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * The files in multipart/form-data (RFC 7578). Fields that are no files are passed over.
 *
 * The content of the request is read only as fast as the files are.
 *
 * @throws {UploadRefusal} for what is malformed or cut short, and for too many parts; what `chunks` throws.
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
        if (done) throw new UploadRefusal(400, 'The form ends before its end.');
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
    // Whoever has stopped reading a file has it passed over here.
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
