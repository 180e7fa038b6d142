/**
 * Published messages on their way to other workers, already framed: no receiver encodes anything. A batch holds all that was published
 * in one turn of the event loop: for each message the lengths of the following three, the name of the `Topics`, the topic, the frame.
 */
import { Buffer } from 'node:buffer';

export interface PublishedFrame {
  readonly name: string;
  readonly topic: string;
  /** A view of the batch. */
  readonly frame: Uint8Array;
}

const LENGTHS = 12;

export class BatchWriter {
  #pieces: Uint8Array[] = [];
  #count = 0;
  #size = 0;

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** How many messages it holds. */
  get count(): number {
    return this.#count;
  }

  add({ name, topic, frame }: PublishedFrame): void {
    const nameOctets = Buffer.from(name);
    const topicOctets = Buffer.from(topic);
    const lengths = Buffer.allocUnsafe(LENGTHS);
    lengths.writeUInt32BE(nameOctets.length, 0);
    lengths.writeUInt32BE(topicOctets.length, 4);
    lengths.writeUInt32BE(frame.length, 8);
    this.#pieces.push(lengths, nameOctets, topicOctets, frame);
    this.#size += LENGTHS + nameOctets.length + topicOctets.length + frame.length;
    this.#count++;
  }

  /** The octets of the batch. A new one begins. */
  take(): Uint8Array {
    const octets = Buffer.concat(this.#pieces, this.#size);
    this.#pieces = [];
    this.#size = 0;
    this.#count = 0;
    return octets;
  }
}

export function* readBatch(octets: Uint8Array): Iterable<PublishedFrame> {
  const batch = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  for (let at = 0; at < batch.length; ) {
    const nameEnd = at + LENGTHS + batch.readUInt32BE(at);
    const topicEnd = nameEnd + batch.readUInt32BE(at + 4);
    const end = topicEnd + batch.readUInt32BE(at + 8);
    const name = batch.toString('utf8', at + LENGTHS, nameEnd);
    const topic = batch.toString('utf8', nameEnd, topicEnd);
    yield { name, topic, frame: batch.subarray(topicEnd, end) };
    at = end;
  }
}
