/** Topics that all workers of a supervisor have in common: what one publishes, the others get. */
import { joinRelay } from '../io/workers/worker-relay.ts';
import { BatchWriter, readBatch } from './topic-batch.ts';

type Deliver = (topic: string, frame: Uint8Array) => void;

/** A batch of this size is sent before the turn of the event loop ends. */
const FULL = 64 * 1024;

const delivers = new Map<string, Deliver>();
const batch = new BatchWriter();
let send: ((octets: Uint8Array, count: number) => void) | undefined;
let isScheduled = false;

/**
 * @param name under which the workers know them.
 * @param deliver gets the messages of other workers.
 * @throws {TypeError} if this thread has shared topics of that name already.
 */
export function shareTopics(name: string, deliver: Deliver): void {
  if (delivers.has(name)) throw new TypeError(`options.shared: there are topics called "${name}" already`);
  if (delivers.size === 0) {
    send = joinRelay((octets) => {
      for (const each of readBatch(octets)) delivers.get(each.name)?.(each.topic, each.frame);
    });
  }
  delivers.set(name, deliver);
}

/** Hands a frame to the other workers. Without a supervisor there are none. */
export function publishShared(name: string, topic: string, frame: Uint8Array): void {
  if (send === undefined) return;
  batch.add({ name, topic, frame });
  if (batch.size >= FULL) return flush();
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(() => {
    isScheduled = false;
    flush();
  });
}

function flush(): void {
  const { count } = batch;
  if (count > 0) send?.(batch.take(), count);
}
