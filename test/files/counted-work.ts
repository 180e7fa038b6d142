/**
 * What the runtime was asked to do while something ran: how often to code content, and how often to go to the file system.
 * Every such request is an asynchronous resource, so there is nothing in the code under test that counts for it.
 */
import { createHook } from 'node:async_hooks';

export interface Work {
  readonly codings: number;
  readonly fileRequests: number;
}

export async function counted(run: () => Promise<unknown>): Promise<Work> {
  const work = { codings: 0, fileRequests: 0 };
  const hook = createHook({
    init(_id, type) {
      if (type === 'ZLIB') work.codings++;
      else if (type === 'FSREQPROMISE' || type === 'FSREQCALLBACK') work.fileRequests++;
    },
  });
  hook.enable();
  try {
    await run();
  } finally {
    hook.disable();
  }
  return work;
}
