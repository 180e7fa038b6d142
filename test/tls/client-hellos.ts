/** ClientHello messages as tests want them, right or wrong. */

const vector = (octets: 1 | 2 | 3, content: readonly number[]): number[] => {
  const length = [16, 8, 0].slice(3 - octets).map((shift) => (content.length >> shift) & 0xff);
  return [...length, ...content];
};

export const octetsOf = (text: string): number[] => [...Buffer.from(text, 'latin1')];

export const extension = (type: number, content: readonly number[]): number[] => [
  type >> 8,
  type & 0xff,
  ...vector(2, content),
];

export const serverName = (name: string, type = 0): number[] =>
  extension(0, vector(2, [type, ...vector(2, octetsOf(name))]));

export const alpn = (...protocols: string[]): number[] =>
  extension(
    16,
    vector(
      2,
      protocols.flatMap((protocol) => vector(1, octetsOf(protocol))),
    ),
  );

/** An extension that pads the whole message to so many octets. */
export const paddedTo = (octets: number, extensions: readonly number[] = []): Uint8Array => {
  const missing = octets - clientHello([...extensions, ...extension(21, [])]).length;
  return clientHello([...extensions, ...extension(21, new Array(missing).fill(0))]);
};

/** The handshake message. @param extensions `undefined` for a hello without any. */
export function clientHello(extensions: readonly number[] | undefined): Uint8Array {
  const body = [
    ...[3, 3],
    ...new Array(32).fill(7),
    ...vector(1, new Array(32).fill(9)),
    ...vector(2, [0x13, 0x01, 0x13, 0x02]),
    ...vector(1, [0]),
    ...(extensions === undefined ? [] : vector(2, extensions)),
  ];
  return Uint8Array.from([1, ...vector(3, body)]);
}

/** The message in records of at most so many octets. */
export function records(message: Uint8Array, most = 16_384): Uint8Array {
  const octets: number[] = [];
  for (let at = 0; at < message.length; at += most)
    octets.push(22, 3, 1, ...vector(2, [...message.subarray(at, at + most)]));
  return Uint8Array.from(octets);
}
