/** Whether a stream has ended, as the runtime says without a read. */
import stream from 'node:stream';

type Test = (stream: ReadableStream) => unknown;

/** The types know these of Node's own streams only, and not every runtime has them. */
const { isReadable, isErrored } = stream as unknown as { isReadable?: Test; isErrored?: Test };

const open = new ReadableStream();
const closed = new ReadableStream({ start: (controller) => controller.close() });
const failed = new ReadableStream({ start: (controller) => controller.error(new Error('failed')) });

const isKnown =
  isReadable?.(open) === true &&
  isReadable(closed) === false &&
  isErrored?.(closed) === false &&
  isErrored(failed) === true;

/** Whether the stream is closed, and all that was in it has been read. False also where the runtime does not say it. */
export const hasClosed: (stream: ReadableStream) => boolean = isKnown
  ? (stream) => isReadable!(stream) === false && isErrored!(stream) === false
  : () => false;
