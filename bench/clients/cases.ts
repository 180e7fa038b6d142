/** What the clients are asked to do. */
export interface ClientCase {
  readonly id: string;
  readonly label: string;
  /** Of `bench/end-to-end/servers/serval.ts`. */
  readonly app: string;
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  /** Octets of content in each answer: who gets others is not measured but refused. */
  readonly octets: number;
}

const ORDER = JSON.stringify({ customer: 'Ann', items: [{ name: 'cup', price: 4.5, quantity: 2 }] });

export const CASES: readonly ClientCase[] = [
  { id: 'hello', label: 'GET, 13 octets', app: 'hello', method: 'GET', octets: 13 },
  { id: 'stream', label: 'GET, chunked content', app: 'stream', method: 'GET', octets: -1 },
  { id: 'upload', label: 'POST, 80 octets of JSON', app: 'upload', method: 'POST', body: ORDER, octets: -1 },
];

export const CLIENTS = ['serval', 'undici.request', 'undici.fetch', 'node:fetch'] as const;
export type ClientName = (typeof CLIENTS)[number];
