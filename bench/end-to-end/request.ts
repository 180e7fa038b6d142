/** The octets that every server receives: a browser's request with eight field lines in about 370 octets. */

export interface RequestShape {
  readonly method?: string;
  readonly target?: string;
  /** Replaces a browser's usual `Accept-Encoding`. */
  readonly acceptEncoding?: string;
  /** Sends `Connection: close`, for one request a connection. */
  readonly close?: boolean;
  readonly contentType?: string;
  readonly content?: Uint8Array;
}

/** The fields of the request, but for `Host`, which knows the port. */
export function requestFields(shape: RequestShape): [name: string, value: string][] {
  const { acceptEncoding = 'gzip, deflate, br, zstd', close = false } = shape;
  const fields: [string, string][] = [
    ['Connection', close ? 'close' : 'keep-alive'],
    ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'],
    ['Accept', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
    ['Accept-Language', 'en-GB,en;q=0.5'],
    ['Accept-Encoding', acceptEncoding],
    ['Cookie', 'session=5f2c8e0a4b7d4c1e9a6371'],
    ['Upgrade-Insecure-Requests', '1'],
  ];
  if (shape.content !== undefined) {
    fields.push(['Content-Type', shape.contentType ?? 'application/octet-stream']);
    fields.push(['Content-Length', String(shape.content.length)]);
  }
  return fields;
}

/** The same over HTTP/2: names in lower case, and no Connection field (RFC 9113 §8.2). */
export function http2Fields(shape: RequestShape): [name: string, value: string][] {
  return requestFields(shape)
    .filter(([name]) => name !== 'Connection')
    .map(([name, value]) => [name.toLowerCase(), value]);
}

export function requestFor(port: number, shape: RequestShape): Buffer {
  const { method = 'GET', target = '/' } = shape;
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    ...requestFields(shape).map(([name, value]) => `${name}: ${value}`),
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return shape.content === undefined ? head : Buffer.concat([head, shape.content]);
}
