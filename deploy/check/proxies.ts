/** The balancers check their own configurations. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificateAuthority } from '../../test/support/certificates.ts';
import { type Check, DEPLOY, deployed, needs, runProgram } from './check.ts';

/** The balancers read the files of the certificate; here it is one of an authority for tests. */
function withCertificate(text: string): string {
  const { certFile, keyFile, cert, key } = certificateAuthority().issue(['example.com']);
  const both = `${certFile}.both`;
  writeFileSync(both, `${cert}${key}`);
  return text
    .replace('/etc/haproxy/site.pem', both)
    .replace('/etc/nginx/site.pem', certFile)
    .replace('/etc/nginx/site.key', keyFile);
}

export const haproxyCheck: Check = {
  name: 'haproxy',
  title: 'HAProxy accepts haproxy.cfg and haproxy-tcp.cfg without a warning',
  run(scratch) {
    needs('haproxy');
    const [version = ''] = runProgram('haproxy', ['-v']).split(' - ');
    for (const name of ['haproxy.cfg', 'haproxy-tcp.cfg']) {
      const file = join(scratch, name);
      writeFileSync(file, withCertificate(deployed(name)));
      // -dW: a warning is an error.
      runProgram('haproxy', ['-c', '-dW', '-f', file]);
    }
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
    const site = join(scratch, 'site.conf');
    writeFileSync(site, withCertificate(deployed('nginx.conf')));
    writeFileSync(
      main,
      [
        `pid ${scratch}/nginx.pid;`,
        `error_log ${scratch}/error.log;`,
        'events {}',
        `http { access_log off; include ${site}; }`,
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
