import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseArguments } from '../../../src/cli/arguments.ts';
import { usageOf } from '../../../src/cli/help/option-rows.ts';
import { helpPage } from '../../../src/cli/help/pages.ts';
import { TOPICS } from '../../../src/cli/help/topics.ts';
import { OPTION_NAMES, OPTIONS } from '../../../src/cli/options/option-table.ts';
import { configProblems } from '../../../src/site/config/config-problems.ts';

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
        const words = line
          .replace('"$(serval hash ann)"', `ann:${HASH}`)
          .replace(/ >>? .*/, '')
          .split(' ')
          .slice(1);
        assert.ok(parseArguments(words, {}), line);
      }
    });
  }

  it('describes every option on the page of its topic', () => {
    for (const name of OPTION_NAMES) {
      const { topic, description } = OPTIONS[name];
      const page = helpPage(TOPICS.find((other) => other === topic));
      assert.ok(page.includes(usageOf(name)), `${name} on the page "${topic}"`);
      assert.ok(page.replace(/\s+/g, ' ').includes(description), description);
    }
  });

  it('names every topic on the first page', () => {
    for (const topic of TOPICS) assert.match(helpPage(undefined), new RegExp(`\\b${topic}\\b`));
  });

  it('shows a valid config', () => {
    const text = helpPage('config');
    const json = text.slice(text.indexOf('  {\n'), text.indexOf('\n  }\n') + 4);
    assert.deepEqual(configProblems(JSON.parse(json)), []);
  });
});
