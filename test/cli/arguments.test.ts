import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseArguments, UsageError } from '../../src/cli/arguments.ts';

const DEFAULTS = { command: 'serve', directory: '.', port: 4221, host: '127.0.0.1', log: undefined };

const parse = (line: string) => parseArguments(line.split(' ').filter((word) => word !== ''));

describe('parseArguments', () => {
  const understood: Record<string, object> = {
    '': DEFAULTS,
    './dist': { ...DEFAULTS, directory: './dist' },
    './demo': { ...DEFAULTS, directory: './demo' },
    '-- --odd': { ...DEFAULTS, directory: '--odd' },
    demo: { ...DEFAULTS, command: 'demo', directory: undefined },
    'demo --directory /tmp/x': { ...DEFAULTS, command: 'demo', directory: '/tmp/x' },
    '--port 0 demo': { ...DEFAULTS, command: 'demo', directory: undefined, port: 0 },
    '--port=65535': { ...DEFAULTS, port: 65535 },
    '-p 8080': { ...DEFAULTS, port: 8080 },
    '-p8080': { ...DEFAULTS, port: 8080 },
    '--port 1 --port 2': { ...DEFAULTS, port: 2 },
    '--host ::1': { ...DEFAULTS, host: '::1' },
    '--log': { ...DEFAULTS, log: true },
    '--no-log': { ...DEFAULTS, log: false },
    '--log --no-log': { ...DEFAULTS, log: false },
    '--no-log --log': { ...DEFAULTS, log: true },
    '--help': { command: 'help' },
    '-h demo': { command: 'demo-help' },
    'demo --help': { command: 'demo-help' },
    '--version': { command: 'version' },
    '-v': { command: 'version' },
  };
  for (const [line, expected] of Object.entries(understood)) {
    it(`understands "${line}"`, () => assert.deepEqual(parse(line), expected));
  }

  const refused: Record<string, RegExp> = {
    '--prot 80': /unknown option "--prot"/,
    '-x': /unknown option "-x"/,
    '--constructor': /unknown option "--constructor"/,
    '--port': /--port needs a value/,
    '-p': /-p needs a value/,
    '--port=': /--port needs a value/,
    '--port --log': /--port needs a value, but "--log" follows/,
    '--port=-1': /--port "-1"/,
    '--port=+80': /--port "\+80"/,
    '--port 65536': /--port "65536"/,
    '--port 0x50': /--port "0x50"/,
    '--port 1e3': /--port "1e3"/,
    '--port 80.5': /--port "80.5"/,
    '--port http': /--port "http"/,
    '--host': /--host needs a value/,
    '--log=yes': /--log takes no value, but there is "yes"/,
    '--help=me': /--help takes no value/,
    'a b': /"a", and then "b"/,
    'demo a': /"demo" takes no folder, but there is "a"/,
    '--directory x': /--directory "x" belongs to "serval demo"/,
  };
  for (const [line, message] of Object.entries(refused)) {
    it(`refuses "${line}" in one line that names it`, () => {
      assert.throws(
        () => parse(line),
        (error) => {
          assert.ok(error instanceof UsageError);
          assert.match(error.message, message);
          assert.ok(!error.message.includes('\n'));
          return true;
        },
      );
    });
  }

  it('refuses a folder without a name', () => {
    assert.throws(() => parseArguments(['']), UsageError);
  });
});
