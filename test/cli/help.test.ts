import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseArguments } from '../../src/cli/arguments.ts';
import { HELP, helpPage, TOPICS } from '../../src/cli/help.ts';
import { OPTION_NAMES } from '../../src/cli/option-words.ts';
import { configProblems } from '../../src/site/config/config-problems.ts';

const HASH = `scrypt.15.8.3.${Buffer.alloc(16).toString('base64url')}.${Buffer.alloc(32).toString('base64url')}`;

describe('help', () => {
  for (const topic of [undefined, ...TOPICS]) {
    const text = helpPage(topic);

    it(`${topic ?? 'first page'} fits a terminal of 80 columns and 24 lines, prompt included`, () => {
      const lines = text.trimEnd().split('\n');
      assert.ok(lines.length <= 23, `${lines.length} lines`);
      for (const line of lines) assert.ok(line.length <= 80, line);
    });

    it(`${topic ?? 'first page'} has examples that are understood`, () => {
      const examples = [...text.matchAll(/^ {2}(serval(?: [^ ].*?)?)(?: {3,}.*)?$/gm)].map(
        ([, line]) => line!,
      );
      if (topic !== 'config' && topic !== 'demo') assert.ok(examples.length > 0);
      for (const line of examples) {
        const words = line.replace('"$(serval hash ann)"', `ann:${HASH}`).split(' ').slice(1);
        assert.ok(parseArguments(words), line);
      }
    });
  }

  it('names every option, on the first page or on that of its topic', () => {
    const elsewhere = {
      directory: 'demo',
      health: 'operate',
      'drain-delay': 'operate',
      'max-connections': 'operate',
      ...{ unix: 'proxy', 'unix-mode': 'proxy', trust: 'proxy' },
      ...{ tls: 'tls', cert: 'tls', key: 'tls', acme: 'tls', 'redirect-http': 'tls' },
      ...{ 'acme-email': 'tls', 'acme-directory': 'tls' },
      ...{ 'proxy-protocol': 'proxy', forwarded: 'proxy', 'x-forwarded': 'proxy' },
    };
    for (const option of OPTION_NAMES) {
      const topic = new Map<string, string>(Object.entries(elsewhere)).get(option);
      const page = topic === undefined ? HELP : helpPage(TOPICS.find((name) => name === topic));
      assert.match(page, new RegExp(`--${option}(?![\\w-])`));
    }
  });

  it('names every topic', () => {
    for (const topic of TOPICS) assert.match(HELP, new RegExp(`\\b${topic}\\b`));
  });

  it('shows a config that is one', () => {
    const text = helpPage('config');
    const json = text.slice(text.indexOf('  {\n'), text.indexOf('\n  }\n') + 4);
    assert.deepEqual(configProblems(JSON.parse(json)), []);
  });
});
