import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noFigures } from '../../src/io/workers/worker-figures.ts';
import { exposition } from '../../src/metrics/exposition.ts';
import { FAMILIES } from '../../src/metrics/families.ts';
import { Histogram } from '../../src/metrics/histogram.ts';
import { seriesName } from '../../src/metrics/labels.ts';

test('exposition: each metric has HELP and TYPE once, and then all its series', () => {
  const figures = noFigures();
  figures.current.set(seriesName('http_server_active_requests', { url_scheme: 'http' }), [1]);
  figures.counted.set(seriesName('serval_connections_accepted_total'), [3]);
  figures.current.set(seriesName('http_server_active_requests', { url_scheme: 'https' }), [2]);
  assert.equal(
    exposition(figures),
    [
      '# HELP http_server_active_requests Requests in progress.',
      '# TYPE http_server_active_requests gauge',
      'http_server_active_requests{url_scheme="http"} 1',
      'http_server_active_requests{url_scheme="https"} 2',
      '# HELP serval_connections_accepted_total Accepted connections.',
      '# TYPE serval_connections_accepted_total counter',
      'serval_connections_accepted_total 3',
      '',
    ].join('\n'),
  );
});

test('exposition: the buckets of a histogram include those before them; a value at the bound belongs to it', () => {
  const figures = noFigures();
  const histogram = new Histogram(FAMILIES.http_server_request_body_size_bytes.bounds!);
  for (const size of [0, 1, 100, 101, 100_000_000, 100_000_001]) histogram.observe(size);
  figures.counted.set(seriesName('http_server_request_body_size_bytes', { a: 'b' }), histogram.values);
  const name = 'http_server_request_body_size_bytes';
  assert.equal(
    exposition(figures).replace(/^#.*\n/gm, ''),
    [
      `${name}_bucket{a="b",le="0"} 1`,
      `${name}_bucket{a="b",le="100"} 3`,
      ...['1000', '10000', '100000', '1000000', '10000000'].map(
        (bound) => `${name}_bucket{a="b",le="${bound}"} 4`,
      ),
      `${name}_bucket{a="b",le="100000000"} 5`,
      `${name}_bucket{a="b",le="+Inf"} 6`,
      `${name}_sum{a="b"} 200000203`,
      `${name}_count{a="b"} 6`,
      '',
    ].join('\n'),
  );
});

test('exposition: values of labels are escaped, and a label without a value is left out', () => {
  const name = seriesName('serval_connections', { a: 'x"y\\z\nw{}', b: '' });
  assert.equal(name, 'serval_connections{a="x\\"y\\\\z\\nw{}"}');
  const figures = noFigures();
  figures.current.set(name, [1]);
  assert.match(exposition(figures), /^serval_connections\{a="x\\"y\\\\z\\nw\{\}"\} 1$/m);
});

test('exposition: names, types and units follow the rules of Prometheus', () => {
  for (const [name, { type, help }] of Object.entries(FAMILIES)) {
    assert.match(name, /^[a-z_]+[a-z0-9_]*$/);
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    assert.doesNotMatch(help, /[\\\n]/);
  }
});
