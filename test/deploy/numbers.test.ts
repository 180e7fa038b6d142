import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployed } from '../../deploy/check/check.ts';
import { faultsOf, relations, seconds } from '../../deploy/check/numbers.ts';
import { GRACE_MS } from '../../src/cli/serve/stop-signals.ts';
import { resolveSettings } from '../../src/server/options.ts';

const SERVAL = { idle: resolveSettings({}, {}).timeouts.idle / 1_000, grace: GRACE_MS.SIGTERM / 1_000 };
const faults = (text = deployed, serval = SERVAL) => faultsOf(relations(text, serval));

test('deploy: timeouts, probes, drain delays and grace fit together', () => {
  assert.deepEqual(faults(), []);
});

test('deploy: each broken relation is found', () => {
  assert.equal(faults(deployed, { ...SERVAL, idle: 60 }).length, 3);
  for (const [file, pattern, instead, fault] of [
    ['haproxy.cfg', / inter 2s/, ' inter 8s', /HAProxy notices/],
    ['Caddyfile', /health_interval 2s/, 'health_interval 20s', /Caddy notices/],
    [
      'kubernetes.yaml',
      /terminationGracePeriodSeconds: \d+/,
      'terminationGracePeriodSeconds: 30',
      /pod ends/,
    ],
    ['kubernetes.yaml', /periodSeconds: 2/, 'periodSeconds: 10', /a probe notices/],
    ['serval.service', /TimeoutStopSec=\d+/, 'TimeoutStopSec=10', /serval\.service ends/],
    ['nginx.conf', /keepalive_timeout 60s;/, '', /nginx closes idle/],
  ] as const) {
    const text = (name: string) =>
      name === file ? deployed(name).replace(pattern, instead) : deployed(name);
    assert.match(faults(text).join('\n'), fault);
  }
});

test('deploy: durations are read in each unit', () => {
  assert.deepEqual(['500ms', '2s', '1m', '1h', '5'].map(seconds), [0.5, 2, 60, 3_600, 5]);
  assert.ok(Number.isNaN(seconds('soon')) && Number.isNaN(seconds(undefined)));
});
