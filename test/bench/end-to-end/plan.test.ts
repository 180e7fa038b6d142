import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from '../../../bench/end-to-end/arguments.ts';
import { CASES } from '../../../bench/end-to-end/cases.ts';
import { makePlan, type Plan, planSeconds, type Wishes } from '../../../bench/end-to-end/plan.ts';
import { kindOf, type Runtime } from '../../../bench/end-to-end/runtimes.ts';
import { TARGETS } from '../../../bench/end-to-end/targets.ts';

const ALL: Wishes = { cases: [], peers: undefined, runtimes: [], rounds: 5, quick: false, other: undefined };

function find(spec: string): Runtime {
  if (spec === 'node26') throw new Error('node26: /nowhere does not exist');
  const [name = ''] = spec.split('=');
  return { name, kind: kindOf(name), binary: `/bin/${name}`, version: name.replace(/\D+/, '') || '1.0.0' };
}
const planFor = (wishes: Partial<Wishes>) => makePlan({ ...ALL, ...wishes }, find);
const keys = (plan: Plan, id: string) =>
  plan.cases.find(({ bench }) => bench.id === id)?.contenders.map(({ key }) => key);

test('every target names contenders of its case', () => {
  const { cases } = makePlan(ALL, (spec) => ({ ...find('node'), name: spec, kind: kindOf(spec) }));
  for (const { case: id, ours, theirs } of TARGETS) {
    const known = cases.find(({ bench }) => bench.id === id)?.contenders.map(({ key }) => key) ?? [];
    const missing = [ours, theirs].filter((key) => key !== undefined && !known.includes(key));
    // serval/globals exists if the package exports it.
    assert.deepEqual(
      missing.filter((key) => !key?.includes('globals')),
      [],
      id,
    );
  }
});

test('servers with a target are measured in every round, others in three', () => {
  const { cases } = planFor({ rounds: 9 });
  const about = new Set(
    TARGETS.flatMap(({ case: id, ours, theirs = '' }) => [`${id} ${ours}`, `${id} ${theirs}`]),
  );
  for (const { bench, contenders } of cases) {
    for (const { key, mostRounds } of contenders) {
      if (about.has(`${bench.id} ${key}`)) assert.equal(mostRounds, Infinity, `${bench.id} ${key}`);
      else if (bench.mostRounds === undefined)
        assert.ok(mostRounds === 3 || bench.kind !== 'load', `${bench.id} ${key}`);
    }
  }
});

test('only the requested cases, in the order of the table', () => {
  const { cases } = planFor({ cases: ['idle', 'hello'] });
  assert.deepEqual(
    cases.map(({ bench }) => bench.id),
    ['hello', 'idle'],
  );
});

test('only requested peers are measured; Serval always is', () => {
  const plan = planFor({ cases: ['hello-pipelined'], peers: ['nginx'] });
  assert.deepEqual(keys(plan, 'hello-pipelined'), ['serval@node24', 'nginx']);
  assert.deepEqual(keys(planFor({ cases: ['json'], peers: [] }), 'json'), ['serval@node24']);
});

test('Serval and portable servers run on each requested runtime, npm peers on the first Node', () => {
  const plan = planFor({
    cases: ['hello'],
    peers: ['bare', 'express'],
    runtimes: ['bun', 'node20', 'node22'],
  });
  assert.deepEqual(keys(plan, 'hello'), [
    'bare@bun',
    'bare@node20',
    'bare@node22',
    'serval@bun',
    'serval@node20',
    'serval@node22',
    'express@node20',
  ]);
});

test('a runtime may be a path', () => {
  const plan = planFor({ cases: ['json'], runtimes: ['node-next=/opt/node'] });
  assert.deepEqual(keys(plan, 'json'), ['serval@node-next', 'node-http@node-next']);
});

test('a missing runtime skips only the servers that need it, and is reported once', () => {
  const plan = planFor({ cases: ['hello'] });
  assert.ok(!keys(plan, 'hello')?.some((key) => key.endsWith('@node26')));
  assert.ok(keys(plan, 'hello')?.includes('serval@node20'));
  assert.deepEqual(
    plan.skipped.filter((line) => line.includes('node26')),
    ['node26: /nowhere does not exist'],
  );
});

test('an unknown name is refused with the list of known names', () => {
  assert.throws(() => planFor({ cases: ['helo'] }), /unknown case "helo"; known: hello, /);
  assert.throws(() => planFor({ peers: ['apache'] }), /unknown peer "apache"; known: serval, bare, /);
});

test('--quick takes less than two minutes', () => {
  const { rounds, warmUp, counted } = parseArguments(['--quick']);
  const plan = planFor({ quick: true, rounds });
  assert.deepEqual(
    plan.cases.map(({ bench }) => bench.id),
    ['hello', 'hello-pipelined', 'file-small'],
  );
  assert.ok(planSeconds(plan, { warmUp, counted }) < 115);
});

test('another checkout of Serval runs beside this one', () => {
  const serval = planFor({ cases: ['json'] }).cases[0]!.contenders[0]!.server;
  const other = { ...serval, id: 'other', label: 'another' };
  assert.deepEqual(keys(planFor({ cases: ['json'], other }), 'json'), [
    'serval@node24',
    'other@node24',
    'node-http@node24',
  ]);
});

test('each case has a unique name', () => {
  assert.equal(new Set(CASES.map(({ id }) => id)).size, CASES.length);
});
