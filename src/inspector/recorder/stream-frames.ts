/** The frames of an HTTP/2 connection, each given to the exchange of its stream; those of stream 0 are the connection's. */
import { BlockFollower } from './block-follower.ts';
import type { ExchangeRecord } from './exchange-record.ts';
import { type Frame, FrameReader } from './frame-reader.ts';

/** Streams whose frames are still expected. */
const MOST_STREAMS = 256;
/** Frames of a stream that came before its exchange began: a header block, mostly. */
const MOST_EARLY = 8;
/** The first frames of the connection: the preface, settings. */
const MOST_OWN = 40;
const MOST_OWN_OCTETS = 256;

type Owner = { readonly arrivedAt: number; readonly early: Frame[]; record: ExchangeRecord | undefined };

export class StreamFrames {
  /** Frames of stream 0, the first ones. */
  readonly own: Frame[] = [];
  readonly #owners = new Map<number, Owner>();
  readonly #followers = { received: new BlockFollower(), sent: new BlockFollower() };
  readonly #received = new FrameReader('received', (frame) => this.#onFrame(frame));
  readonly #sent = new FrameReader('sent', (frame) => this.#onFrame(frame));

  read(direction: Frame['direction'], octets: Uint8Array, at: number): void {
    (direction === 'received' ? this.#received : this.#sent).read(octets, at);
  }

  /** When the first frame of a stream came. */
  arrivedAt(stream: number): number | undefined {
    return this.#owners.get(stream)?.arrivedAt;
  }

  recordOf(stream: number): ExchangeRecord | undefined {
    return this.#owners.get(stream)?.record;
  }

  /** From now on the frames of the stream are those of the exchange; `undefined`: nobody's. */
  give(stream: number, record: ExchangeRecord | undefined): void {
    const owner = this.#owners.get(stream);
    if (record === undefined || owner === undefined) {
      this.#owners.delete(stream);
      return;
    }
    owner.record = record;
    for (const frame of owner.early.splice(0)) record.onFrame(frame);
  }

  #onFrame(frame: Frame): void {
    frame.table = this.#followers[frame.direction].onFrame(frame);
    if (frame.stream === 0) {
      if (this.own.length < MOST_OWN && frame.octets.length <= MOST_OWN_OCTETS) this.own.push(frame);
      return;
    }
    const owner = this.#owners.get(frame.stream);
    if (owner?.record !== undefined) return owner.record.onFrame(frame);
    if (owner !== undefined) {
      if (owner.early.length < MOST_EARLY) owner.early.push(frame);
      return;
    }
    // Only a client opens streams; what is sent on an unknown one belongs to an exchange that is not recorded.
    if (frame.direction === 'sent') return;
    if (this.#owners.size >= MOST_STREAMS) this.#forgetOldest();
    this.#owners.set(frame.stream, { arrivedAt: frame.at, early: [frame], record: undefined });
  }

  #forgetOldest(): void {
    for (const [stream, { record }] of this.#owners) {
      if (record !== undefined && !record.hasEnded) continue;
      this.#owners.delete(stream);
      return;
    }
    const [oldest] = this.#owners.keys();
    this.#owners.delete(oldest!);
  }
}
