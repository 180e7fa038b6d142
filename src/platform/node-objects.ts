/** Objects of Node in the declarations of the package, which also work without `@types/node`. */
// biome-ignore-all lint/suspicious/noTsIgnore: a type that is missing in one project is there in another.

import type { Known } from './web-standards.ts';

/** @ts-ignore Without `@types/node`, here and below. */
type NodeCertificate = import('node:crypto').X509Certificate;
/** @ts-ignore */
type NodeLookupFunction = import('node:net').LookupFunction;
/** @ts-ignore */
type NodeSocket = import('node:net').Socket;

/** Node's, if its types are installed. */
export type X509Certificate = Known<NodeCertificate, LeastCertificate>;
/** Node's, if its types are installed: as the option `lookup` of `net.connect`. */
export type LookupFunction = Known<NodeLookupFunction, LeastLookupFunction>;
/** Node's, if its types are installed. */
export type Socket = Known<NodeSocket, object>;

interface LeastCertificate {
  readonly subject: string;
  readonly subjectAltName: string | undefined;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly fingerprint256: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly raw: Uint8Array;
  checkHost(name: string): string | undefined;
  toString(): string;
}

interface LookupAddress {
  address: string;
  family: number;
}

type LeastLookupFunction = (
  hostname: string,
  options: object,
  callback: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
) => void;
