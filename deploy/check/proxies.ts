/** The balancers check their own configurations. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, DEPLOY, needs, runProgram } from './check.ts';

export const haproxyCheck: Check = {
  name: 'haproxy',
  title: 'HAProxy accepts haproxy.cfg without a warning',
  run() {
    needs('haproxy');
    const [version = ''] = runProgram('haproxy', ['-v']).split(' - ');
    // -dW: a warning is an error.
    runProgram('haproxy', ['-c', '-dW', '-f', join(DEPLOY, 'haproxy.cfg')]);
    return [version];
  },
};

export const nginxCheck: Check = {
  name: 'nginx',
  title: 'nginx accepts nginx.conf in conf.d/',
  run(scratch) {
    needs('nginx');
    // The distribution's nginx.conf would include conf.d/; this one does not touch files of a running nginx.
    const main = join(scratch, 'nginx.conf');
    writeFileSync(
      main,
      [
        `pid ${scratch}/nginx.pid;`,
        `error_log ${scratch}/error.log;`,
        'events {}',
        `http { access_log off; include ${join(DEPLOY, 'nginx.conf')}; }`,
      ].join('\n'),
    );
    const said = runProgram('nginx', ['-t', '-p', scratch, '-c', main]);
    if (/\[(warn|emerg|alert|crit|error)\]/.test(said)) throw new Error(said);
    return [runProgram('nginx', ['-v']).trim()];
  },
};

export const caddyCheck: Check = {
  name: 'caddy',
  title: 'Caddy accepts the Caddyfile and its format',
  run() {
    needs('caddy');
    const file = join(DEPLOY, 'Caddyfile');
    const said = runProgram('caddy', ['validate', '--config', file, '--adapter', 'caddyfile']);
    if (said.includes('not formatted')) throw new Error(said);
    return [`Caddy ${runProgram('caddy', ['version']).trim()}`];
  },
};
