import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployed } from '../../../deploy/check/check.ts';
import { haproxyConfig } from './haproxy.ts';

test('lives: HAProxy runs with the deployed configuration, except for addresses and health checks', () => {
  const text = deployed('haproxy.cfg');
  const config = haproxyConfig(text, { port: 8000, server: 4221 });
  const kept = (lines: string) =>
    lines
      .split('\n')
      .filter((line) => !/^ +(server|bind|maxconn) |httpchk|http-check|ssl_fc/.test(line))
      .map((line) => line.replace(' port 9090', ''))
      .join('\n')
      .trim();
  assert.equal(kept(config), kept(text));
  assert.match(config, /bind 127\.0\.0\.1:8000\n/);
  assert.deepEqual(config.match(/^ +server .*$/gm), ['    server pool 127.0.0.1:4221 tcp-ut 3s']);
  assert.doesNotMatch(config, /httpchk|http-check/);
});
