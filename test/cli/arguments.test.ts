import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseArguments, type ServeCommand, UsageError } from '../../src/cli/arguments.ts';

const DEFAULTS = {
  command: 'serve',
  directory: undefined,
  port: 4221,
  host: '127.0.0.1',
  allowHosts: [],
  log: undefined,
  logFormat: undefined,
  workers: undefined,
  threads: undefined,
  unix: undefined,
  proxy: undefined,
  encryption: undefined,
  hsts: undefined,
  redirectHttp: undefined,
  open: false,
  config: undefined,
  health: false,
  drainDelay: 0,
  healthPort: undefined,
  metricsPort: undefined,
  inspect: undefined,
  site: {},
};

const HASH = `scrypt.15.8.3.${Buffer.alloc(16).toString('base64url')}.${Buffer.alloc(32).toString('base64url')}`;

const withSite = (site: object) => ({ ...DEFAULTS, site });

const parse = (line: string, env = {}) =>
  parseArguments(
    line.split(' ').filter((word) => word !== ''),
    env,
  );

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
    '--host [::1]': { ...DEFAULTS, host: '::1' },
    '--host app.example': { ...DEFAULTS, host: 'app.example' },
    '--no-open': DEFAULTS,
    '--no-spa --no-clean-urls --no-listing --no-dotfiles --no-follow-links --no-cors --no-upload': withSite({
      ...{ spa: false, cleanUrls: false, listing: false, dotfiles: false },
      ...{ symlinks: 'within', cors: false, upload: false },
    }),
    '--spa=app.html --no-spa': withSite({ spa: false }),
    '--no-spa --spa': withSite({ spa: true }),
    '--compress': withSite({ compress: true }),
    '--upload --upload-delete': withSite({ upload: { delete: true } }),
    '--upload --no-overwrite': withSite({ upload: { overwrite: false } }),
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
    '--health --no-health': DEFAULTS,
    '--inspect': { ...DEFAULTS, inspect: true },
    '--no-inspect --workers 2': { ...DEFAULTS, inspect: false, workers: 2 },
    '--health-port 9090': { ...DEFAULTS, healthPort: { port: 9090, hostname: undefined } },
    '--health-port 127.0.0.1:9090': { ...DEFAULTS, healthPort: { port: 9090, hostname: '127.0.0.1' } },
    '--log-format json': { ...DEFAULTS, logFormat: 'json' },
    '--metrics-port 127.0.0.1:9090': { ...DEFAULTS, metricsPort: { port: 9090, hostname: '127.0.0.1' } },
    '--health-port [::1]:0': { ...DEFAULTS, healthPort: { port: 0, hostname: '::1' } },
    '--max-connections 1': withSite({ limits: { maxConnections: 1 } }),
    '--max-connections 999999999': withSite({ limits: { maxConnections: 999_999_999 } }),
    '--max-requests 1000 --max-header-size 32K --max-request-line 16KiB': withSite({
      limits: { maxRequestsPerConnection: 1000, maxHeaderSize: '32K', maxRequestLineSize: '16KiB' },
    }),
    '--idle-timeout 620s --header-timeout 5 --receive-timeout 500ms --send-timeout 0': withSite({
      timeouts: { idle: '620s', headers: '5', receive: '500ms', send: '0' },
    }),
    'demo --idle-timeout 5s': {
      ...withSite({ timeouts: { idle: '5s' } }),
      command: 'demo',
    },
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
    '-V': { command: 'version' },
    version: { command: 'version' },
    './version': { ...DEFAULTS, directory: './version' },
    '8000': { ...DEFAULTS, directory: '8000' },
    trust: { command: 'trust', installs: false },
    'demo --tls': { ...DEFAULTS, command: 'demo', encryption: { kind: 'development' } },
    '--tls --no-tls': { ...DEFAULTS, encryption: 'none' },
    'completion bash': { command: 'completion', shell: 'bash' },
    'completion --help': { command: 'help', topic: 'completion' },
    '--help limits': { command: 'help', topic: 'limits' },
    'help limits': { command: 'help', topic: 'limits' },
  };
  for (const [line, expected] of Object.entries(understood)) {
    it(`understands "${line}"`, () => assert.deepEqual(parse(line), expected));
  }

  const refused: Record<string, RegExp> = {
    '--prot 80': /unknown option "--prot"/,
    '-x': /unknown option "-x"/,
    '--constructor': /unknown option "--constructor"/,
    '--port': /^--port: expected a value$/,
    '-p': /^-p: expected a value$/,
    '--port=': /^--port: expected a value$/,
    '--port --log': /^--port: expected a value, got the option "--log"$/,
    '--port=-1': /^--port: expected an integer from 0 to 65535, got "-1"; 0 picks a free port$/,
    '--port=+80': /--port: .* got "\+80"/,
    '--port 65536': /--port: .* got "65536"/,
    '--port 0x50': /--port: .* got "0x50"/,
    '--port 1e3': /--port: .* got "1e3"/,
    '--port 80.5': /--port: .* got "80.5"/,
    '--port http': /--port: .* got "http"/,
    '--host': /--host: expected a value/,
    '--allow-host': /--allow-host: expected a value/,
    '--workers 0': /--workers: expected an integer from 1 to 1024 or "auto", got "0"/,
    '--threads many': /--threads: .* got "many"/,
    '--allow-host a:80': /--allow-host: expected a host name .*, got "a:80"/,
    '--allow-host *': /expected a host name .*, got "\*"/,
    '--log=yes': /--log: takes no value, got "yes"/,
    'a b': /expected one folder, got "a" and "b"/,
    'demo a': /"demo" takes no folder, got "a"; use --directory "a"/,
    'demo --spa': /--spa: not available for "serval demo"/,
    'demo --auth x': /--auth: not available for "serval demo"/,
    '--listings': /unknown option "--listings"; did you mean --listing\?/,
    '--single': /did you mean --spa\?/,
    '--spa=': /--spa=: expected a value after "="/,
    '--cors=x': /--cors: takes no value, got "x"/,
    '--cache': /--cache: expected a value/,
    '--cache forever': /--cache: expected a number of seconds, .* got "forever"/,
    '--cache -1': /--cache: expected a value, got the option "-1"/,
    '--cache 1.5': /--cache: .* got "1\.5"/,
    '--unix-mode 660': /--unix-mode: requires --unix/,
    '--unix x --unix-mode 668': /--unix-mode: .* got "668"/,
    '--unix x --unix-mode 1777': /--unix-mode: .* got "1777"/,
    '--unix x --port 80': /--port: cannot be combined with --unix/,
    '--unix x --host ::1': /--host: cannot be combined with --unix/,
    '--unix x --open': /--open: cannot be combined with --unix/,
    '--trust 10.0.0.1': /--trust: requires --proxy-protocol, --forwarded or --x-forwarded/,
    '--trust localhost --forwarded': /--trust: expected an address, .* got "localhost"/,
    '--trust 10.0.0.0/33 --proxy-protocol': /--trust: .* got "10\.0\.0\.0\/33"/,
    '--proxy-protocol': /--proxy-protocol: requires --trust/,
    '--x-forwarded': /--x-forwarded: requires --trust/,
    '--trust ::1 --forwarded --x-forwarded': /--forwarded: cannot be combined with --x-forwarded/,
    '--overwrite': /--overwrite: requires --upload/,
    '--upload-delete': /--upload-delete: requires --upload/,
    '--max-size 5M': /--max-size: requires --upload/,
    '--upload --max-size 5X': /--max-size: expected a size .* got "5X"/,
    '--config': /--config: expected a value/,
    'help confg': /unknown help topic "confg"; did you mean "config"\?/,
    'help zzzzzz':
      /topics: site, cache, share, upload, config, workers, operate, limits, proxy, tls, demo, get, hash, trust, completion/,
    '--health=yes': /--health: takes no value, got "yes"/,
    '--drain-delay': /--drain-delay: expected a value/,
    '--drain-delay soon': /--drain-delay: expected a time .* got "soon"/,
    '--drain-delay 61m': /--drain-delay: expected a time up to an hour, .* got "61m"/,
    '--max-connections 0': /--max-connections: expected an integer from 1 to 999999999, got "0"/,
    '--max-connections 1e3': /--max-connections: .* got "1e3"/,
    '--max-connections 1000000000': /--max-connections: .* got "1000000000"/,
    'help config demo': /unknown help topic "config demo"/,
    '--help=constructor': /unknown help topic "constructor"/,
    'hash --port 80': /--port: not available for "serval hash"/,
    'hash a:b': /without colons/,
    '-c-1': /^-c: expected a config file, got "-1"; for caching use --cache no-cache$/,
    '-c 3600': /^-c: expected a config file, got "3600"; for caching use --cache 3600$/,
    '--no-port': /unknown option "--no-port"; --port can not be turned off, but left out$/,
    '--no-version': /unknown option "--no-version"; --version can not be turned off/,
    '--no-listing=yes': /--no-listing: takes no value, got "yes"/,
    '--no-lsting': /did you mean --no-listing\?/,
    '-l 8000': /unknown option "-l"; did you mean --port\?/,
    '--gzip': /unknown option "--gzip": files are compressed by default/,
    '--keep-alive-timeout 5': /did you mean --idle-timeout\?/,
    '--no-cache': /did you mean --cache no-cache\?/,
    '--host localhost:8080': /got "localhost:8080"; use --host localhost --port 8080$/,
    '--host http://a.example/': /got "http:\/\/a\.example\/"; use --host a\.example$/,
    '--host [::1]:80': /use --host \[::1\]$/,
    '--log-format xml': /--log-format: expected one of text, common, combined, json, got "xml"/,
    '--metrics-port x': /--metrics-port: expected a port such as 9090 or 127\.0\.0\.1:9090, got "x"/,
    '--health-port x': /--health-port: expected a port such as 9090 or 127\.0\.0\.1:9090, got "x"/,
    '--health-port 65536': /--health-port: .* got "65536"/,
    '--idle-timeout soon': /--idle-timeout: expected a time such as 65s or 500ms, got "soon"/,
    '--idle-timeout 25000h': /--idle-timeout: .* got "25000h"/,
    '--max-header-size 0': /--max-header-size: expected a size such as 16K or 64KiB, got "0"/,
    completion: /completion: expected one of bash, zsh, fish, got ""/,
    'completion tcsh': /completion: expected one of bash, zsh, fish, got "tcsh"/,
    '--directory x': /--directory: only for "serval demo"; use "serval x"/,
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

  it('takes the port from PORT, unless an option gives one', () => {
    const port = (line: string, value: string) => (parse(line, { PORT: value }) as ServeCommand).port;
    assert.equal(port('', '8080'), 8080);
    assert.equal(port('demo', '8080'), 8080);
    assert.equal(port('', '0'), 0);
    assert.equal(port('', ''), 4221);
    assert.equal(port('--port 1', '8080'), 1);
    assert.equal(port('--port 1', 'x'), 1);
    assert.equal(port('--unix /run/x', 'x'), 4221);
    for (const wrong of ['x', '65536', '-1', ' 80'])
      assert.throws(() => parse('', { PORT: wrong }), {
        message: `PORT: expected an integer from 0 to 65535, got "${wrong}"; 0 picks a free port`,
      });
  });

  it('refuses a folder without a name', () => {
    assert.throws(() => parseArguments([''], {}), UsageError);
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
