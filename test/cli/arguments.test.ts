import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseArguments, UsageError } from '../../src/cli/arguments.ts';

const DEFAULTS = {
  command: 'serve',
  directory: undefined,
  port: 4221,
  host: '127.0.0.1',
  allowHosts: [],
  log: undefined,
  workers: undefined,
  threads: undefined,
  unix: undefined,
  proxy: undefined,
  encryption: undefined,
  redirectHttp: undefined,
  open: false,
  config: undefined,
  health: false,
  drainDelay: 0,
  maxConnections: undefined,
  site: {},
};

const HASH = `scrypt.15.8.3.${Buffer.alloc(16).toString('base64url')}.${Buffer.alloc(32).toString('base64url')}`;

const withSite = (site: object) => ({ ...DEFAULTS, site });

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
    '--allow-host App.example --allow-host=*.b.example': {
      ...DEFAULTS,
      allowHosts: ['app.example', '*.b.example'],
    },
    'demo --allow-host a': { ...DEFAULTS, command: 'demo', allowHosts: ['a'] },
    '--log': { ...DEFAULTS, log: true },
    '--no-log': { ...DEFAULTS, log: false },
    '--log --no-log': { ...DEFAULTS, log: false },
    '--no-log --log': { ...DEFAULTS, log: true },
    '--open': { ...DEFAULTS, open: true },
    '--workers 4 --threads auto': { ...DEFAULTS, workers: 4, threads: 'auto' },
    '--unix /run/x --unix-mode 0660': { ...DEFAULTS, unix: { path: '/run/x', mode: 0o660 } },
    'demo --unix /run/x': { ...DEFAULTS, command: 'demo', unix: { path: '/run/x' } },
    '--trust 10.0.0.0/8 --trust unix --x-forwarded': {
      ...DEFAULTS,
      proxy: { trusted: ['10.0.0.0/8', 'unix'], protocol: false, fields: 'x-forwarded' },
    },
    '--trust ::1 --proxy-protocol --forwarded': {
      ...DEFAULTS,
      proxy: { trusted: ['::1'], protocol: true, fields: 'forwarded' },
    },
    'demo --workers auto': { ...DEFAULTS, command: 'demo', workers: 'auto' },
    '-o ./dist': { ...DEFAULTS, open: true, directory: './dist' },
    '--config a.json': { ...DEFAULTS, config: 'a.json' },
    '-c a.json': { ...DEFAULTS, config: 'a.json' },
    '--health': { ...DEFAULTS, health: true },
    'demo --health': { ...DEFAULTS, command: 'demo', health: true },
    '--drain-delay 5': { ...DEFAULTS, drainDelay: 5_000 },
    '--drain-delay 5s': { ...DEFAULTS, drainDelay: 5_000 },
    '--drain-delay 1.5s': { ...DEFAULTS, drainDelay: 1_500 },
    '--drain-delay=500ms': { ...DEFAULTS, drainDelay: 500 },
    '--drain-delay 60m': { ...DEFAULTS, drainDelay: 3_600_000 },
    '--drain-delay 0': { ...DEFAULTS, drainDelay: 0 },
    '--max-connections 1': { ...DEFAULTS, maxConnections: 1 },
    '--max-connections 999999999': { ...DEFAULTS, maxConnections: 999_999_999 },
    '--spa': withSite({ spa: true }),
    '--spa dist': { ...withSite({ spa: true }), directory: 'dist' },
    '-s dist': { ...withSite({ spa: true }), directory: 'dist' },
    '-so dist': { ...withSite({ spa: true }), directory: 'dist', open: true },
    '--spa=app.html dist': { ...withSite({ spa: 'app.html' }), directory: 'dist' },
    '--clean-urls --listing --dotfiles': withSite({ cleanUrls: true, listing: true, dotfiles: true }),
    '--follow-links --no-compress --cors': withSite({ symlinks: 'anywhere', compress: false, cors: true }),
    '--cache 3600': withSite({ cacheControl: 'max-age=3600' }),
    '--cache 0': withSite({ cacheControl: 'no-cache' }),
    '--cache no-cache': withSite({ cacheControl: 'no-cache' }),
    '--cache no-store': withSite({ cacheControl: 'no-store' }),
    '--cache immutable': withSite({ cacheControl: 'max-age=31536000, immutable' }),
    [`--auth ann:${HASH}`]: withSite({ auth: [`ann:${HASH}`] }),
    [`--auth ann:${HASH} --auth=bob:${HASH}`]: withSite({ auth: [`ann:${HASH}`, `bob:${HASH}`] }),
    '--upload': withSite({ upload: {} }),
    '--upload --overwrite --max-size 2GiB': withSite({ upload: { overwrite: true, maxSize: '2GiB' } }),
    'demo -o': { ...DEFAULTS, command: 'demo', open: true },
    '--help': { command: 'help', topic: undefined },
    help: { command: 'help', topic: undefined },
    '-h demo': { command: 'help', topic: 'demo' },
    'demo --help': { command: 'help', topic: 'demo' },
    'help demo': { command: 'help', topic: 'demo' },
    'help config': { command: 'help', topic: 'config' },
    '--help=upload': { command: 'help', topic: 'upload' },
    'hash --help': { command: 'help', topic: 'hash' },
    'dist --help': { command: 'help', topic: undefined },
    hash: { command: 'hash', user: undefined },
    'hash ann': { command: 'hash', user: 'ann' },
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
    '--allow-host': /--allow-host needs a value/,
    '--workers 0': /--workers "0"/,
    '--threads many': /--threads "many"/,
    '--allow-host a:80': /--allow-host: expected a host name .*, got "a:80"/,
    '--allow-host *': /expected a host name .*, got "\*"/,
    '--log=yes': /--log takes no value, but there is "yes"/,
    'a b': /"a", and then "b"/,
    'demo a': /"demo" takes no folder, but there is "a"/,
    'demo --spa': /--spa is for a folder/,
    'demo --auth x': /--auth is for a folder/,
    '--listings': /unknown option "--listings"; did you mean --listing\?/,
    '--single': /did you mean --spa\?/,
    '--spa=': /--spa= has nothing behind it/,
    '--cors=x': /--cors takes no value, but there is "x"/,
    '--cache': /--cache needs a value/,
    '--cache forever': /--cache "forever": it takes/,
    '--cache -1': /--cache needs a value, but "-1" follows/,
    '--cache 1.5': /--cache "1\.5"/,
    '--unix-mode 660': /--unix-mode is about a unix socket: add --unix/,
    '--unix x --unix-mode 668': /--unix-mode "668"/,
    '--unix x --unix-mode 1777': /--unix-mode "1777"/,
    '--unix x --port 80': /--port is for a port, and --unix has none/,
    '--unix x --host ::1': /--host is for a port/,
    '--unix x --open': /--open is for a port/,
    '--trust 10.0.0.1': /--trust needs --proxy-protocol, --forwarded or --x-forwarded/,
    '--trust localhost --forwarded': /--trust "localhost" is not an address/,
    '--trust 10.0.0.0/33 --proxy-protocol': /--trust "10\.0\.0\.0\/33"/,
    '--proxy-protocol': /--proxy-protocol needs --trust/,
    '--x-forwarded': /--x-forwarded needs --trust/,
    '--trust ::1 --forwarded --x-forwarded': /--forwarded or --x-forwarded/,
    '--overwrite': /--overwrite is about uploads: add --upload/,
    '--max-size 5M': /--max-size is about uploads/,
    '--upload --max-size 5X': /--max-size "5X" is not a size/,
    '--config': /--config needs a value/,
    'help confg': /no help about "confg"; did you mean "config"\?/,
    'help zzzzzz':
      /there is site, cache, share, upload, config, workers, operate, proxy, demo, get, tls, trust, hash/,
    '--health=yes': /--health takes no value, but there is "yes"/,
    '--drain-delay': /--drain-delay needs a value/,
    '--drain-delay soon': /--drain-delay "soon" is not a time/,
    '--drain-delay 1h': /--drain-delay "1h" is not a time/,
    '--drain-delay 61m': /--drain-delay "61m" is not a time of up to an hour/,
    '--max-connections 0': /--max-connections "0" is not a whole number from 1 on/,
    '--max-connections 1e3': /--max-connections "1e3"/,
    '--max-connections 1000000000': /--max-connections "1000000000"/,
    'help config demo': /no help about "config demo"/,
    '--help=constructor': /no help about "constructor"/,
    'hash --port 80': /"hash" has no options, but there is --port/,
    'hash a:b': /no colon/,
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

  it('never repeats what may be a password', () => {
    for (const line of ['--auth ann:opensesame', '--auth opensesame', 'hash ann opensesame']) {
      assert.throws(
        () => parse(line),
        (error) => error instanceof UsageError && !error.message.includes('opensesame'),
      );
    }
  });
});
