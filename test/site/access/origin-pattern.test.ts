import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseOriginPattern } from '../../../src/site/access/origin-pattern.ts';

describe('parseOriginPattern', () => {
  const exact = [
    ...['https://app.example', 'http://localhost:3000', 'http://127.0.0.1:8080'],
    ...['http://[::1]:8080', 'https://xn--bcher-kva.example'],
    ...['capacitor://localhost', 'ionic://localhost', 'tauri://localhost', 'app://obsidian.md'],
    ...['chrome-extension://abcdefghijklmnop', 'moz-extension://1b4e28ba-2fa1-11d2-883f-0016d3cca427'],
  ];
  for (const origin of exact) {
    it(`matches ${origin} exactly`, () => {
      const matches = parseOriginPattern(origin);
      assert.equal(matches(origin), true);
      for (const other of [
        `${origin}.evil.example`,
        `${origin}:1`,
        `${origin}/`,
        'null',
        '',
        'https://b.example',
      ])
        assert.equal(matches(other), false, other);
    });
  }

  const wildcards: [pattern: string, matching: string[], others: string[]][] = [
    [
      'https://*.app.example',
      ['https://a.app.example', 'https://a.b-c.app.example', 'https://xn--bcher-kva.app.example'],
      [
        ...[
          'https://app.example',
          'https://.app.example',
          'http://a.app.example',
          'https://a.app.example:8443',
        ],
        ...['https://evilapp.example', 'https://a.app.example.evil', 'https://evil.example/.app.example'],
        ...['https://a..app.example', 'https://u@a.app.example', 'null', ''],
      ],
    ],
    [
      'http://*.localhost:3000',
      ['http://a.localhost:3000'],
      ['http://localhost:3000', 'http://a.localhost', 'http://a.localhost:30000'],
    ],
  ];
  for (const [pattern, matching, others] of wildcards) {
    it(`matches the sub-domains of ${pattern}, and nothing else`, () => {
      const matches = parseOriginPattern(pattern);
      for (const origin of matching) assert.equal(matches(origin), true, origin);
      for (const origin of others) assert.equal(matches(origin), false, origin);
    });
  }

  const refused: Record<string, RegExp> = {
    'https://app.example/': /such as https:\/\/app\.example, got "https:\/\/app\.example\/"$/,
    'https://app.example:443': /such as https:\/\/app\.example, got/,
    'HTTPS://app.example': /such as https:\/\/app\.example, got/,
    'https://app.example/path': /such as https:\/\/app\.example, got/,
    'https://u@app.example': /such as https:\/\/app\.example, got/,
    'app.example':
      /such as https:\/\/app\.example, https:\/\/\*\.app\.example or capacitor:\/\/localhost, got/,
    null: /"null" is the origin of files and sandboxed pages/,
    '*': /expected an origin/,
    'https://*': /expected an origin/,
    'https://*.com': /expected an origin/,
    'https://*.*.example': /expected an origin/,
    'https://a*.app.example': /expected an origin/,
    'https://app.example:*': /expected an origin/,
    '*://app.example': /expected an origin/,
    'https://*.app.example/': /expected an origin/,
    'https://*.APP.example': /expected an origin/,
    'chrome-extension://*': /expected an origin/,
    'Capacitor://localhost': /expected an origin/,
    'capacitor://': /expected an origin/,
    'capacitor://localhost/': /expected an origin/,
    'wss://app.example': /expected an origin/,
    'file:///a': /expected an origin/,
    '': /expected an origin/,
  };
  for (const [text, message] of Object.entries(refused)) {
    it(`refuses ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseOriginPattern(text), { name: 'TypeError', message }));
  }
});
