/** The entries of the package by what they are for, in the order of the reference. */
export const ENTRY_GROUPS: Readonly<Record<string, readonly string[]>> = {
  'The server': ['serval', 'serval/globals'],
  Handlers: [
    'serval/files',
    'serval/compression',
    'serval/limit',
    'serval/health',
    'serval/metrics',
    'serval/tracing',
  ],
  Connections: ['serval/tls', 'serval/acme', 'serval/websocket', 'serval/hono', 'serval/crossws'],
  Processes: ['serval/workers', 'serval/systemd', 'serval/inspector'],
  'Clients and protocols': ['serval/client', 'serval/http1', 'serval/http2', 'serval/hpack'],
};

const ORDER = Object.values(ENTRY_GROUPS).flat();

/** For sorting: entries that no group has come last. */
export function placeOf(entry: string): number {
  const place = ORDER.indexOf(entry);
  return place < 0 ? ORDER.length : place;
}
