import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployed } from '../../../deploy/check/check.ts';
import { haproxyConfig } from './haproxy.ts';

test('lives: HAProxy runs with what is deployed, but for addresses', () => {
  const text = deployed('haproxy.cfg');
  const servers = [{ name: 'a', host: '127.0.0.1', port: 4221 }];
  const config = haproxyConfig(text, { port: 8000, servers, hasHealth: true });
  const kept = (lines: string) => lines.split('\n').filter((line) => !/^ +(server|bind|maxconn) /.test(line));
  assert.deepEqual(kept(config).join('\n').trim(), kept(text).join('\n').trim());
  assert.match(config, /bind 127\.0\.0\.1:8000\n/);
  assert.deepEqual(config.match(/^ +server .*$/gm), ['    server a 127.0.0.1:4221 tcp-ut 3s']);

  assert.doesNotMatch(haproxyConfig(text, { port: 8000, servers, hasHealth: false }), /httpchk|http-check/);
});
