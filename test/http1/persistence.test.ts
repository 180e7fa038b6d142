import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionPersists, connectionPersistsAfterResponse } from '../../src/http1/persistence.ts';
import { CLOSE, KEEP_ALIVE, UPGRADE_OPTION } from '../../src/semantics/connection/connection-options.ts';

interface Row {
  readonly title: string;
  readonly minor: readonly number[];
  readonly requestOptions: readonly number[];
  readonly persists: boolean;
}

const NEITHER = 0;

/** The table of PROTOCOL for a server that has no reason to close, and content that has an end of its own. */
const table: readonly Row[] = [
  {
    title: 'RFC 9112 §9.3: an HTTP/1.0 connection closes after the response by default',
    minor: [0],
    requestOptions: [NEITHER, UPGRADE_OPTION],
    persists: false,
  },
  {
    title: 'RFC 9112 §9.3: an HTTP/1.0 connection is kept when the request says keep-alive',
    minor: [0],
    requestOptions: [KEEP_ALIVE, KEEP_ALIVE | UPGRADE_OPTION],
    persists: true,
  },
  {
    title: 'RFC 9112 §9.3: an HTTP/1.1 connection is persistent by default, and one of a later minor version',
    minor: [1, 2, 9],
    requestOptions: [NEITHER, KEEP_ALIVE, UPGRADE_OPTION, KEEP_ALIVE | UPGRADE_OPTION],
    persists: true,
  },
  {
    title: 'RFC 9112 §9.6: close in the request is final in every version, whatever stands beside it',
    minor: [0, 1, 2, 9],
    requestOptions: [CLOSE, CLOSE | KEEP_ALIVE, CLOSE | UPGRADE_OPTION, CLOSE | KEEP_ALIVE | UPGRADE_OPTION],
    persists: false,
  },
];

for (const { title, minor, requestOptions, persists } of table) {
  test(title, () => {
    for (const version of minor) {
      for (const options of requestOptions) {
        const facts = { minor: version, requestOptions: options };
        const persisted = connectionPersists({ ...facts, serverCloses: false, responseEndsByClosing: false });
        assert.equal(persisted, persists, JSON.stringify(facts));
      }
    }
  });
}

/** Whatever the request is, each of these ends the connection. */
function assertNeverPersists(serverCloses: boolean, responseEndsByClosing: boolean): void {
  for (const { minor, requestOptions } of table) {
    for (const version of minor) {
      for (const options of requestOptions) {
        const facts = { minor: version, requestOptions: options, serverCloses, responseEndsByClosing };
        assert.equal(connectionPersists(facts), false, JSON.stringify(facts));
      }
    }
  }
}

test('RFC 9112 §9.6: the server can close after any response', () => {
  assertNeverPersists(true, false);
  assertNeverPersists(true, true);
});

test('RFC 9112 §6.3: content that ends where the connection ends leaves no connection behind', () => {
  assertNeverPersists(false, true);
});

test('RFC 9112 §9.3: the client decides by the response as the server does by the request', () => {
  for (const { minor, requestOptions, persists } of table) {
    for (const version of minor) {
      for (const responseOptions of requestOptions) {
        const facts = { minor: version, responseOptions };
        const free = { ...facts, clientCloses: false, responseEndsByClosing: false };
        assert.equal(connectionPersistsAfterResponse(free), persists, JSON.stringify(facts));
        assert.equal(connectionPersistsAfterResponse({ ...free, clientCloses: true }), false);
        assert.equal(connectionPersistsAfterResponse({ ...free, responseEndsByClosing: true }), false);
      }
    }
  }
});
