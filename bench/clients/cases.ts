/** The requests that the clients send. */
export interface ClientCase {
  readonly id: string;
  readonly label: string;
  /** Of `bench/end-to-end/servers/serval.ts`. */
  readonly app: string;
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  /** Bytes of content in each response, or -1 for any. The program stops at a response with another length. */
  readonly bytes: number;
}

const ORDER = JSON.stringify({ customer: 'Ann', items: [{ name: 'cup', price: 4.5, quantity: 2 }] });

export const CASES: readonly ClientCase[] = [
  { id: 'hello', label: 'GET, 13 bytes', app: 'hello', method: 'GET', bytes: 13 },
  { id: 'stream', label: 'GET, chunked content', app: 'stream', method: 'GET', bytes: -1 },
  { id: 'upload', label: 'POST, 80 bytes of JSON', app: 'upload', method: 'POST', body: ORDER, bytes: -1 },
];

export const CLIENTS = ['serval', 'undici.request', 'undici.fetch', 'node:fetch'] as const;
export type ClientName = (typeof CLIENTS)[number];
