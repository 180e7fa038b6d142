import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { supervise } from '../../src/workers/index.ts';
import { resolveCounts, resolveReload, resolveSettings } from '../../src/workers/options.ts';

describe('supervise options', () => {
  it('have defaults', () => {
    const { listen, workers, threads, backlog, grace, drainDelay, killTimeout, readyTimeout, hangTimeout } =
      resolveSettings({ port: 80 }, 4);
    assert.deepEqual(listen, [{ port: 80 }]);
    assert.deepEqual({ workers, threads, backlog }, { workers: 4, threads: 1, backlog: 511 });
    assert.deepEqual([grace, killTimeout, readyTimeout, hangTimeout], [10_000, 30_000, 30_000, 30_000]);
    assert.equal(drainDelay, 0);
  });

  it('divide what the machine can run at once', () => {
    const cases = [
      [{}, { workers: 8, threads: 1 }],
      [
        { workers: 'auto', threads: 'auto' },
        { workers: 8, threads: 1 },
      ],
      [{ threads: 3 }, { workers: 2, threads: 3 }],
      [
        { workers: 3, threads: 'auto' },
        { workers: 3, threads: 2 },
      ],
      [
        { workers: 9, threads: 'auto' },
        { workers: 9, threads: 1 },
      ],
      [{ threads: 9 }, { workers: 1, threads: 9 }],
      [
        { workers: 2, threads: 5 },
        { workers: 2, threads: 5 },
      ],
    ] as const;
    for (const [asked, given] of cases) assert.deepEqual(resolveCounts(asked, 8), given);
  });

  it('leave --inspect to the supervisor, whose port it is, and the program that stands on its command line', () => {
    const before = process.execArgv;
    const own = [
      ['--inspect=9229', '--input-type=module', '-e', 'supervise(…)'],
      ['--inspect-port', '9229', '--input-type', 'module', '--eval=supervise(…)\n'],
      ['--inspect-brk', '-p', 'supervise(…)'],
    ];
    try {
      for (const words of own) {
        process.execArgv = [...words, '--print-bytecode', '--import', './a.js'];
        assert.deepEqual(resolveSettings({}).execArgv, ['--print-bytecode', '--import', './a.js']);
      }
    } finally {
      process.execArgv = before;
    }
  });

  const wrong: readonly [object, string, RegExp][] = [
    [{ ports: 80 }, 'TypeError', /^options\.ports: there is no such option$/],
    [{ port: -1 }, 'RangeError', /^options\.port: .*-1$/],
    [{ port: '80a' }, 'TypeError', /^options\.port: .*"80a"$/],
    [{ hostname: '' }, 'TypeError', /^options\.hostname: expected a non-empty string, got ""$/],
    [{ path: '/a', port: 80 }, 'TypeError', /^options\.path: cannot be combined with options\.port$/],
    [{ fd: 3, hostname: 'a' }, 'TypeError', /^options\.fd: cannot be combined with options\.hostname$/],
    [{ path: 'x', mode: 0o1000 }, 'RangeError', /^options\.mode: .*512$/],
    [{ mode: 0o660 }, 'TypeError', /^options\.mode: requires options\.path$/],
    [{ fd: 3, mode: 0o660 }, 'TypeError', /^options\.mode: /],
    [{ fd: -3 }, 'RangeError', /^options\.fd: .*-3$/],
    [{ ipv6Only: 1 }, 'TypeError', /^options\.ipv6Only: expected a boolean, got 1$/],
    [{ listen: [] }, 'TypeError', /^options\.listen: /],
    [
      { listen: [{ port: 1, host: 'a' }] },
      'TypeError',
      /^options\.listen\[0\]\.host: there is no such option$/,
    ],
    [{ listen: [{ port: 1 }], port: 2 }, 'TypeError', /^options\.port: /],
    [{ workers: 0 }, 'RangeError', /^options\.workers: expected .* got 0$/],
    [{ workers: 1.5 }, 'RangeError', /^options\.workers: .*1\.5$/],
    [{ workers: 'all' }, 'TypeError', /^options\.workers: .*"all"$/],
    [{ threads: 1025 }, 'RangeError', /^options\.threads: .*1025$/],
    [{ backlog: -1 }, 'RangeError', /^options\.backlog: .*-1$/],
    [{ grace: Infinity }, 'RangeError', /^options\.grace: .*Infinity$/],
    [{ drainDelay: -1 }, 'RangeError', /^options\.drainDelay: .*-1$/],
    [{ killTimeout: '1' }, 'TypeError', /^options\.killTimeout: .*"1"$/],
    [{ hangTimeout: -1 }, 'RangeError', /^options\.hangTimeout: .*-1$/],
    [{ args: 'a' }, 'TypeError', /^options\.args: expected an array of strings, got "a"$/],
    [{ args: [1] }, 'TypeError', /^options\.args\[0\]: expected a string, got 1$/],
    [{ execArgv: [1] }, 'TypeError', /^options\.execArgv\[0\]: expected a string, got 1$/],
    [{ env: 'a' }, 'TypeError', /^options\.env: expected an object, got "a"$/],
    [{ env: { A: 1 } }, 'TypeError', /^options\.env\.A: expected a string, got 1$/],
    [{ signals: 1 }, 'TypeError', /^options\.signals: expected a boolean, got 1$/],
    [{ onEvent: 1 }, 'TypeError', /^options\.onEvent: expected a function, got 1$/],
  ];
  for (const [options, name, message] of wrong) {
    it(`refuse ${JSON.stringify(options)}`, () => {
      assert.throws(() => supervise('./app.js', options), { name, message });
    });
  }

  it('name no module that is neither a path nor a URL', () => {
    for (const module of ['', 'app', 5 as never]) {
      assert.throws(() => supervise(module), { name: 'TypeError', message: /^module: / });
    }
  });

  it('of a reload are only those that can be changed', () => {
    assert.throws(() => resolveReload({ port: 80 } as never), {
      name: 'TypeError',
      message: /^options\.port: a reload can change only/,
    });
    assert.throws(() => resolveReload({ args: [1] } as never), { name: 'TypeError', message: /args.*1/ });
    assert.deepEqual(resolveReload({ args: undefined, data: 1 } as never), { data: 1 });
  });
});
