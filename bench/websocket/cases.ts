/** What is measured. */
import type { LoadCommand } from './load.ts';

export interface WebSocketCase {
  readonly id: string;
  readonly label: string;
  readonly path: string;
  readonly sockets: number;
  /** `undefined`: the sockets are idle, and their memory counts. */
  readonly load: LoadCommand | undefined;
  /**
   * Idle sockets that are open when memory is first measured. The first 5,000 of a process also grow V8's young generation, to a size that
   * does not depend on the number of sockets: 5,000 more show what each of them takes.
   */
  readonly before?: number;
  /** At most this part of what `ws` needs. */
  readonly target: number;
}

const ECHO = { path: '/', sockets: 64, target: 0.9 } as const;

export const CASES: readonly WebSocketCase[] = [
  { ...ECHO, id: 'echo-32', label: 'echo of 32 bytes', load: { act: 'echo', bytes: 32 } },
  {
    ...ECHO,
    id: 'echo-32-batch',
    label: 'echo of 32 bytes, 16 at once on a connection',
    load: { act: 'echo', bytes: 32, depth: 16 },
  },
  {
    ...ECHO,
    id: 'echo-16k',
    label: 'echo of 16 KiB, binary',
    load: { act: 'echo', bytes: 16_384, isText: false },
  },
  { ...ECHO, id: 'echo-16k-text', label: 'echo of 16 KiB, text', load: { act: 'echo', bytes: 16_384 } },
  {
    id: 'broadcast',
    label: 'one message to 1,000 sockets',
    path: '/all',
    sockets: 1_000,
    load: { act: 'all', bytes: 32, depth: 4 },
    target: 0.9,
  },
  {
    id: 'idle',
    label: 'an idle socket, the first 5,000',
    path: '/',
    sockets: 5_000,
    before: 100,
    load: undefined,
    target: 0.6,
  },
  {
    id: 'idle-more',
    label: 'an idle socket, 5,000 more',
    path: '/',
    sockets: 5_000,
    before: 5_000,
    load: undefined,
    target: 0.6,
  },
];
