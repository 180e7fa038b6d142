import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFromElsewhere } from '../../../src/files/uploads/cross-site.ts';

const cases: [fields: Record<string, string>, isFromElsewhere: boolean, why: string][] = [
  [{}, false, 'curl and the like send neither field'],
  [{ 'sec-fetch-site': 'same-origin' }, false, 'the listing page'],
  [{ 'sec-fetch-site': 'none' }, false, 'the user'],
  [{ 'sec-fetch-site': 'cross-site' }, true, 'any page on the web'],
  [{ 'sec-fetch-site': 'same-site' }, true, 'a server on another port of this machine'],
  [{ 'sec-fetch-site': '' }, true, 'no value that is known'],
  [{ 'sec-fetch-site': 'cross-site', origin: 'http://files.example:8080' }, true, 'both fields, one says no'],
  [
    { 'sec-fetch-site': 'same-origin', origin: 'https://files.example' },
    false,
    'a proxy ended TLS before us',
  ],
  [{ origin: 'http://files.example:8080' }, false, 'the listing page, by an address without TLS'],
  [{ origin: 'http://files.example' }, true, 'another port'],
  [{ origin: 'https://files.example:8080' }, true, 'another scheme'],
  [{ origin: 'http://evil.example' }, true, 'another host'],
  [{ origin: 'null' }, true, 'a sandbox, or a file'],
  [{ origin: '' }, true, 'no origin at all'],
];
for (const [fields, isElsewhere, why] of cases) {
  test(`${JSON.stringify(fields)}: ${why}`, () => {
    // A browser's Request does not let these be set; a server's does.
    const headers = new Headers(fields);
    const request = { url: 'http://files.example:8080/', headers } as Request;
    assert.equal(isFromElsewhere(request), isElsewhere);
  });
}
