import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployed } from '../../deploy/check/check.ts';
import { probeFaults, probesCheck } from '../../deploy/check/probes.ts';

test('deploy: no file answers probes on the port of the site', async () => {
  const [names = ''] = await probesCheck.run('');
  assert.match(
    names,
    /Caddyfile, Dockerfile, .*haproxy\.cfg, kubernetes\.yaml, nginx\.conf, serval-tls\.service, serval\.service/,
  );
});

test('deploy: a file with --health, or with a PROXY header for probes, is found', () => {
  for (const name of ['Caddyfile', 'Dockerfile', 'kubernetes.yaml', 'serval.service'])
    assert.match(
      probeFaults(name, deployed(name).replace(/--health-port/, '--health')).join(),
      /use --health-port/,
      name,
    );
  const withHeader = deployed('haproxy.cfg').replace(' send-proxy-v2', ' send-proxy-v2 check-send-proxy');
  assert.match(probeFaults('haproxy.cfg', withHeader).join(), /no PROXY header/);
});
