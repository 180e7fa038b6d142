import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldNote, isSecretField, sourceUrl } from '../../src/annotation/field-notes.ts';

describe('fieldNote', () => {
  it('does not mind the case of a name (RFC 9110 §5.1)', () => {
    assert.equal(fieldNote('HOST').source, 'RFC 9110 §7.2');
    assert.equal(fieldNote('host'), fieldNote('Host'));
  });

  it('knows what browsers send', () => {
    const unknown = fieldNote('x-nobody-knows');
    const sent =
      'Host User-Agent Accept Accept-Language Accept-Encoding Connection Sec-Fetch-Site Sec-Fetch-Mode Sec-Fetch-User ' +
      'Sec-Fetch-Dest Sec-CH-UA Sec-CH-UA-Mobile Sec-CH-UA-Platform Upgrade-Insecure-Requests Cache-Control Pragma Cookie ' +
      'Authorization DNT Sec-GPC Priority Range If-Range If-Match If-None-Match If-Modified-Since If-Unmodified-Since ' +
      'Referer Origin TE Via';
    for (const name of sent.split(' ')) assert.notEqual(fieldNote(name), unknown, name);
  });

  it('is not fooled by the names of Object.prototype', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      assert.equal(fieldNote(name), fieldNote('x-nobody-knows'));
    }
  });
});

describe('sourceUrl', () => {
  it('leads to the section, or the appendix', () => {
    assert.equal(sourceUrl('RFC 9110 §12.5.1'), 'https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1');
    assert.equal(sourceUrl('RFC 9112 §C.2.2'), 'https://www.rfc-editor.org/rfc/rfc9112#appendix-C.2.2');
    assert.equal(sourceUrl('Fetch Metadata'), 'https://www.w3.org/TR/fetch-metadata/');
  });
});

describe('isSecretField', () => {
  it('knows names that carry keys', () => {
    const secret =
      'Cookie Authorization Proxy-Authorization X-Api-Key X-Auth-Token X-CSRF-Token Cf-Access-Jwt-Assertion';
    for (const name of secret.split(' ')) assert.ok(isSecretField(name), name);
    for (const name of ['Host', 'User-Agent', 'Accept', 'Sec-CH-UA']) assert.ok(!isSecretField(name), name);
  });
});
