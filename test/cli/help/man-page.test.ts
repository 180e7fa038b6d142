import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { GET_OPTION_WORDS } from '../../../src/cli/get/option-words.ts';
import { manPage } from '../../../src/cli/help/man-page.ts';
import { helpPage } from '../../../src/cli/help/pages.ts';
import { isNegatable, OPTION_NAMES, OPTIONS } from '../../../src/cli/options/option-table.ts';
import { findProgram } from '../../support/find-program.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** As roff prints it. */
const plain = manPage().replaceAll('\\-', '-').replaceAll('\\(aq', "'").replaceAll('\\&', '');

test('man page: every option and command, with words', () => {
  for (const name of OPTION_NAMES) {
    assert.ok(plain.includes(`--${name}`), name);
    if (isNegatable(name)) assert.ok(plain.includes(`--no-${name}`), `--no-${name}`);
    assert.ok(plain.includes(`\n${OPTIONS[name].description}\n`), name);
  }
  for (const [name, { description }] of Object.entries(GET_OPTION_WORDS)) {
    assert.match(plain, new RegExp(`\\n\\.B (-., )?--${name.replace('.', '\\.')}[ \\n]`));
    assert.ok(plain.includes(`\n${description}\n`), name);
    assert.ok(helpPage('get').includes(`--${name}`), `--${name} on the help page`);
  }
  for (const name of Object.keys(COMMANDS)) assert.ok(plain.includes(`\n.B ${name}\n`), name);
});

test('man page: the committed one is this one, and in the package', () => {
  assert.equal(readFileSync(`${ROOT}man/serval.1`, 'utf8'), manPage());
  const { man, files } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
  assert.equal(man, './man/serval.1');
  assert.ok(files.includes('man'));
});

test('man page: groff has nothing to say against it', {
  skip: findProgram('groff') === undefined,
}, async () => {
  const { stdout, stderr } = await promisify(execFile)('groff', [
    '-man',
    '-Tutf8',
    '-ww',
    '-P-c',
    `${ROOT}man/serval.1`,
  ]);
  assert.equal(stderr, '');
  // Bold is a letter, a backspace and the letter again.
  const text = stdout.replace(/.\x08/g, '');
  assert.ok(text.includes('serval [folder] [option ...]'));
  assert.ok(text.includes('-p, --port <n>'));
});
