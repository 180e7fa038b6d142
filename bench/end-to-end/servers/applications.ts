/** The fields and contents that the servers of a case read and send. */

export const CHUNKS = 10;
export const CHUNK_OCTETS = 1024;

/** The response of the `json` apps to an order. */
export interface Order {
  readonly id: number;
  readonly customer: { readonly name: string };
  readonly items: readonly { readonly price: number; readonly quantity: number }[];
}

export function receiptFor({ id, customer, items }: Order): object {
  const total = items.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
  return { id, name: customer.name, items: items.length, total };
}

/** The five fields that the `headers` apps read. */
export const FIELDS_READ = ['host', 'user-agent', 'accept-language', 'accept-encoding', 'cookie'] as const;
