import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEMO_HELP, HELP } from '../../src/cli/help.ts';

describe('help', () => {
  for (const [name, text] of Object.entries({ HELP, DEMO_HELP })) {
    it(`${name} fits a terminal of 80 columns and 24 lines, prompt included`, () => {
      const lines = text.trimEnd().split('\n');
      assert.ok(lines.length <= 23, `${lines.length} lines`);
      for (const line of lines) assert.ok(line.length <= 80, line);
    });
  }

  it('names every option', () => {
    for (const option of ['--port', '--host', '--log', '--no-log', '--help', '--version']) {
      assert.ok(HELP.includes(option), option);
    }
    assert.ok(DEMO_HELP.includes('--directory'));
  });
});
