/** Answers for the files that the page exports: `export.har` and `export.pcapng`, of all exchanges or of those that its filter shows. */
import { Buffer } from 'node:buffer';
import { ReadableStream } from 'node:stream/web';
import { Response } from '../../fetch/response.ts';
import { version } from '../../version.ts';
import type { Recorder } from '../recorder/recorder.ts';
import type { Shown } from '../wording/redaction.ts';
import { harFile } from './har/har-file.ts';
import { captureFile } from './pcapng/capture-file.ts';
import { type Selection, selectionOf } from './selection.ts';

interface Format {
  readonly type: string;
  pieces(selection: Selection, shown: Shown): Iterator<string | Uint8Array>;
}

const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['har', { type: 'application/json', pieces: (selection, shown) => harFile(selection, shown, version()) }],
  [
    'pcapng',
    // No type is registered. Wireshark takes this one, and a browser opens neither.
    {
      type: 'application/x-pcapng',
      pieces: (selection, shown) => captureFile(selection, shown, `Serval ${version()}`),
    },
  ],
]);

/** Pieces of a file are collected to this many octets. */
const CHUNK = 64 * 1024;

export class Exporter {
  readonly #recorder: Recorder;
  readonly #shown: Shown;

  constructor(recorder: Recorder, shown: Shown) {
    this.#recorder = recorder;
    this.#shown = shown;
  }

  /**
   * @param name of the file that is asked for.
   * @param query as `selectionOf` takes it.
   * @returns `undefined` if there is no such file.
   */
  respond(name: string, query: URLSearchParams, fields: Record<string, string>): Response | undefined {
    const [, extension = ''] = /^export\.(\w+)$/.exec(name) ?? [];
    const format = FORMATS.get(extension);
    if (format === undefined) return undefined;
    const selection = selectionOf(this.#recorder, query);
    const time = new Date(selection.epoch + this.#recorder.now())
      .toISOString()
      .slice(0, 19)
      .replaceAll(':', '-');
    return new Response(streamed(format.pieces(selection, this.#shown)), {
      headers: {
        'Content-Type': format.type,
        'Content-Disposition': `attachment; filename="serval-${time}.${extension}"`,
        ...fields,
      },
    });
  }
}

/** The file is made as it is read, so that a large one neither stops the server nor stands in memory. */
function streamed(pieces: Iterator<string | Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk: Uint8Array[] = [];
      for (let length = 0; length < CHUNK; ) {
        const { done, value } = pieces.next();
        if (done === true) break;
        const octets = typeof value === 'string' ? Buffer.from(value) : value;
        chunk.push(octets);
        length += octets.length;
      }
      if (chunk.length === 0) controller.close();
      else controller.enqueue(Buffer.concat(chunk));
    },
    cancel() {
      pieces.return?.();
    },
  });
}
