import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { SHELLS } from '../../../src/cli/commands.ts';
import { GET_OPTION_WORDS } from '../../../src/cli/get/option-words.ts';
import { completionScript } from '../../../src/cli/help/completion.ts';
import { isNegatable, OPTION_NAMES, OPTIONS } from '../../../src/cli/options/option-table.ts';
import { findProgram } from '../../support/find-program.ts';

describe('completion', () => {
  for (const shell of SHELLS) {
    const script = completionScript(shell);

    test(`for ${shell} has every option`, () => {
      const form = (name: string) => (shell === 'fish' ? ` -l ${name} ` : `--${name}`);
      for (const name of OPTION_NAMES) {
        if (!OPTIONS[name].isOn || shell === 'bash') assert.ok(script.includes(form(name)), name);
        if (isNegatable(name)) assert.ok(script.includes(form(`no-${name}`)), `no-${name}`);
      }
      for (const name of Object.keys(GET_OPTION_WORDS))
        assert.ok(script.includes(form(name)), `get --${name}`);
    });

    test(`for ${shell} is read by the shell`, { skip: findProgram(shell) === undefined }, () => {
      const folder = mkdtempSync(join(tmpdir(), 'serval-completion-'));
      try {
        const file = join(folder, 'script');
        writeFileSync(file, script);
        const { status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
        assert.deepEqual([status, stderr], [0, '']);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }

  test('for zsh quotes descriptions, those with quotes in them too', () => {
    const specs = completionScript('zsh')
      .split('\n')
      .filter((line) => line.startsWith("    '"));
    assert.ok(specs.length > OPTION_NAMES.length);
    assert.ok(specs.some((line) => line.includes("'\\''")));
    for (const spec of specs) assert.match(spec, /^ {4}'(?:[^']|'\\'')*'$/);
  });

  test('in bash: options, values, topics, and those of get', {
    skip: findProgram('bash') === undefined,
  }, () => {
    for (const [words, expected] of [
      [['--po'], ['--port']],
      [['--no-lis'], ['--no-listing']],
      [
        ['--cache', 'no-'],
        ['no-cache', 'no-store'],
      ],
      [['help', 'li'], ['limits']],
      [['completion', 'z'], ['zsh']],
      [['get', '--verb'], ['--verbose']],
      [['get', '--max-t'], ['--max-time']],
      [['tru'], ['trust']],
    ] as const) {
      const line = ['serval', ...words].map((word) => `'${word}'`).join(' ');
      const run = `COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _serval; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout, stderr } = spawnSync('bash', ['--norc'], {
        input: `${completionScript('bash')}\n${run}\n`,
        encoding: 'utf8',
        cwd: '/',
      });
      assert.equal(stderr, '');
      assert.deepEqual(stdout.trim().split('\n').sort(), expected, words.join(' '));
    }
  });
});
