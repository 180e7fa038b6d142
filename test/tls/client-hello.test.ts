import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MESSAGE_HEAD, NEED_OCTETS, REJECTED } from '../../src/octets/results.ts';
import { ClientHelloReader, MAX_CLIENT_HELLO, MAX_HELLO_RECORDS } from '../../src/tls/client-hello.ts';
import { eachSplit } from '../support/each-split.ts';
import { alpn, clientHello, extension, octetsOf, paddedTo, records, serverName } from './client-hellos.ts';

interface Read {
  readonly result: 'complete' | 'incomplete' | string;
  readonly serverName?: string | null;
  readonly protocols?: readonly string[];
}

function read(chunks: readonly Uint8Array[]): Read {
  const reader = new ClientHelloReader();
  for (const chunk of chunks) {
    const result = reader.read(chunk);
    if (result === REJECTED) return { result: reader.rejection.reason };
    if (result !== MESSAGE_HEAD) continue;
    const { serverName, protocols } = reader;
    return { result: 'complete', serverName, protocols };
  }
  return { result: 'incomplete' };
}

const latin1 = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

/** However it is cut. */
function assertRead(octets: Uint8Array, expected: Read): void {
  eachSplit(latin1(octets), (chunks) => assert.deepEqual(read(chunks), expected));
}

const complete = (serverName: string | null, protocols: readonly string[] = []): Read => ({
  result: 'complete',
  serverName,
  protocols,
});

describe('ClientHello (RFC 8446 §4.1.2): what the choice of a certificate needs', () => {
  test('the server name and the protocols, whatever stands around them', () => {
    const hello = [
      ...extension(10, [0, 2, 0, 29]),
      ...serverName('Www.Example.com'),
      ...alpn('h2', 'http/1.1'),
    ];
    assertRead(records(clientHello(hello)), complete('www.example.com', ['h2', 'http/1.1']));
  });

  test('neither, and no extensions at all', () => {
    assertRead(records(clientHello([])), complete(null));
    assertRead(records(clientHello(undefined)), complete(null));
  });

  test('divided into records of any length (§5.1)', () => {
    const message = clientHello(serverName('a.test'));
    for (const length of [2, 3, 4, 5, 50]) assertRead(records(message, length), complete('a.test'));
  });

  test('octets behind it are kept for OpenSSL', () => {
    const reader = new ClientHelloReader();
    const hello = records(clientHello(serverName('a.test')));
    assert.equal(reader.read(hello.subarray(0, 20)), NEED_OCTETS);
    assert.equal(reader.read(Uint8Array.of(...hello.subarray(20), 1, 2, 3)), MESSAGE_HEAD);
    assert.deepEqual([...reader.octets], [...hello, 1, 2, 3]);
  });
});

describe('ClientHello: what is refused', () => {
  const refused = (octets: ArrayLike<number>, reason: string): void =>
    assertRead(Uint8Array.from(octets), { result: reason });

  test('what is no TLS record', () => {
    for (const text of [
      'GET / HTTP/1.1\r\n\r\n',
      '\0',
      '\x80\x2e\x01\x03\x01',
      '\x15\x03\x01\x00\x02\x02\x28',
    ])
      refused(octetsOf(text), 'NotTls');
  });

  test('impossible versions and lengths of records', () => {
    refused([22, 2, 0, 0, 5], 'TlsRecord');
    refused([22, 3, 1, 0, 0], 'TlsRecord');
    refused([22, 3, 1, 0x40, 0x01], 'TlsRecord');
  });

  test('another handshake message', () => refused([22, 3, 3, 0, 4, 2, 0, 0, 0], 'NotClientHello'));

  test('lengths that go beyond the end, or not up to it', () => {
    const hello = clientHello(serverName('a.test'));
    // Those of the session id, the suites, the compression methods and the extensions.
    for (const at of [38, 72, 77, 80]) {
      const wrong = Uint8Array.from(hello);
      wrong[at]! += 200;
      refused(records(wrong), 'ClientHelloSyntax');
    }
    const longer = Uint8Array.from([...hello, 0]);
    refused(records(longer), 'ClientHelloSyntax');
    longer[3]!++;
    refused(records(longer), 'ClientHelloSyntax');
    refused(records(clientHello([0, 0, 0])), 'ClientHelloSyntax');
  });

  test('an extension that comes twice (§4.2)', () => {
    refused(records(clientHello([...serverName('a'), ...serverName('b')])), 'ClientHelloSyntax');
  });

  test('a server name that is none (RFC 6066 §3)', () => {
    for (const name of ['', 'a b', 'a\0b', 'ä', 'a'.repeat(256)])
      refused(records(clientHello(serverName(name))), 'ServerNameSyntax');
    refused(records(clientHello(serverName('a', 1))), 'ServerNameSyntax');
    refused(records(clientHello(extension(0, []))), 'ServerNameSyntax');
    refused(records(clientHello(extension(0, [0, 9, 0, 0, 1, 97, 0, 0, 2, 98, 98]))), 'ServerNameSyntax');
    assertRead(records(clientHello(serverName('a'.repeat(255)))), complete('a'.repeat(255)));
  });

  test('a list of protocols that is none (RFC 7301 §3.1)', () => {
    for (const content of [[], [0, 0], [0, 1, 0], [0, 3, 9, 97, 98], [0, 2, 1, 97, 0]])
      refused(records(clientHello(extension(16, content))), 'AlpnSyntax');
  });
});

describe('ClientHello: its bounds', () => {
  const one = (octets: Uint8Array): Read => read([octets]);

  test('octets: the largest passes, one more is refused before it has arrived', () => {
    assert.deepEqual(one(records(paddedTo(MAX_CLIENT_HELLO, serverName('a.test')))), complete('a.test'));
    const larger = records(paddedTo(MAX_CLIENT_HELLO + 1));
    assert.equal(one(larger).result, 'ClientHelloTooLarge');
    assert.equal(
      one(records(paddedTo(MAX_CLIENT_HELLO + 1), 100).subarray(0, 200)).result,
      'ClientHelloTooLarge',
    );
  });

  test('records: as many as there may be, and one more', () => {
    const message = paddedTo(MAX_HELLO_RECORDS * 10);
    assert.equal(one(records(message, 10)).result, 'complete');
    assert.equal(one(records(paddedTo(MAX_HELLO_RECORDS * 10 + 1), 10)).result, 'ClientHelloTooLarge');
  });
});
