import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandsOf, printsAmong, printsAs } from './tour-blocks.ts';

const PAGE = `# A chapter

<!-- keeps running -->
\`\`\`sh
serve
\`\`\`

\`\`\`text
Listening
\`\`\`

<!-- needs: strace true -->
\`\`\`sh
ask
\`\`\`

It prints:

\`\`\`text
yes
\`\`\`

<!-- printed by the server -->
\`\`\`text
asked
\`\`\`
`;

test('the blocks of a page: each command with what it needs and prints', () => {
  const [server, client, ...more] = commandsOf(PAGE);
  assert.deepEqual(more, []);
  assert.deepEqual(server, {
    line: 4,
    script: 'serve\n',
    keepsRunning: true,
    needs: undefined,
    notRun: undefined,
    output: 'Listening\n',
    serverOutput: undefined,
  });
  assert.equal(client!.needs, 'strace true');
  assert.equal(client!.keepsRunning, false);
  assert.equal(client!.output, 'yes\n');
  assert.equal(client!.serverOutput, 'asked\n');
});

test('an output without a command is a mistake', () => {
  assert.throws(() => commandsOf('```text\nyes\n```\n'), /line 1: a text block without a command/);
  assert.throws(() => commandsOf(`${PAGE}\n\`\`\`text\nyes\n\`\`\`\n`), /without a command/);
});

const SAME: Record<string, [pattern: string, printed: string]> = {
  'the same text': ['a.b\n', 'a.b\n'],
  'the end of a line': ['a', 'a \r\n\n'],
  'any text of a line': ['port … is open', 'port 51234 is open'],
  'any lines between': ['a\n…\nb', 'a\nx\ny\nb'],
  'no lines between': ['a\n…\nb', 'a\nb'],
  'any lines at the beginning': ['…\nb', 'x\ny\nb'],
  'any lines at the end': ['a\n…', 'a\nx\ny'],
  'no lines at the end': ['a\n…', 'a'],
  'a number that is close': ['≈100 bytes, ≈10', '120 bytes, 9'],
  'another date': ['Date: Mon, 30 Nov 2026 21:07:00 GMT', 'Date: Tue, 01 Dec 2026 08:00:01 GMT'],
};
for (const [what, [pattern, printed]] of Object.entries(SAME))
  test(`an output matches: ${what}`, () => assert.ok(printsAs(pattern, printed)));

const DIFFERENT: Record<string, [pattern: string, printed: string]> = {
  'another text': ['a.b', 'axb'],
  'a further line': ['a', 'a\nb'],
  'a missing line': ['a\nb', 'a'],
  'text of two lines for one': ['a … d', 'a b\nc d'],
  'a longer line before any lines': ['a\n…', 'ab'],
  'a number that is not close': ['≈100 bytes, ≈10', '121 bytes, 10'],
  'no number': ['≈100', 'many'],
  'no date': ['Date: Mon, 30 Nov 2026 21:07:00 GMT', 'Date: today'],
};
for (const [what, [pattern, printed]] of Object.entries(DIFFERENT))
  test(`an output does not match: ${what}`, () => assert.ok(!printsAs(pattern, printed)));

test('lines among those that were printed', () => {
  assert.ok(printsAmong('b\nc', 'a\nb\nc\nd'));
  assert.ok(!printsAmong('b\nd', 'a\nb\nc\nd'));
  assert.ok(!printsAmong('b', 'ab'));
});
