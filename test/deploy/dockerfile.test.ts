import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployed } from '../../deploy/check/check.ts';
import { execForm, lastOf, parseDockerfile } from '../../deploy/check/dockerfile.ts';
import { dockerfileFaults, healthCommand } from '../../deploy/check/dockerfile-rules.ts';

const TEXT = deployed('Dockerfile');
const faultsOf = (text: string) => dockerfileFaults(parseDockerfile(text));

test('Dockerfile: stages, instructions and continued lines are read', () => {
  const [build, last] = parseDockerfile(
    '# a\nFROM node:24 AS build\nRUN a \\\n  b\n\nFROM node:24-slim\nUSER 1\nUSER 2\n',
  );
  assert.deepEqual(build, { from: 'node:24', name: 'build', instructions: [{ name: 'RUN', words: 'a b' }] });
  assert.equal(lastOf(last!, 'USER'), '2');
  assert.deepEqual(execForm('["node", "a"]'), ['node', 'a']);
  assert.equal(execForm('node a'), undefined);
  assert.throws(() => parseDockerfile('RUN a'), /before FROM/);
});

test('Dockerfile: the deployed one follows the rules, and each rule finds its fault', () => {
  assert.deepEqual(faultsOf(TEXT), []);
  for (const [pattern, instead, fault] of [
    [/^USER .*$/m, 'USER node', /USER: .* node$/],
    [/^USER .*$/m, 'USER 0', /USER: .* 0$/],
    [/^ENTRYPOINT .*$/m, 'ENTRYPOINT node main.js', /ENTRYPOINT.*SIGTERM/],
    [/^HEALTHCHECK [\s\S]*?\n.*$/m, '', /HEALTHCHECK/],
    [/node:24-slim$/m, 'node', /no version/],
    [/^EXPOSE/m, 'ADD', /ADD/],
  ] as const) {
    assert.match(faultsOf(TEXT.replace(pattern, instead)).join('\n'), fault);
  }
});

test('Dockerfile: the health check uses the port of the probes, which is not exposed', () => {
  const last = parseDockerfile(TEXT).at(-1)!;
  const served = execForm(lastOf(last, 'CMD'))!;
  const optionValue = (option: string) => served[served.indexOf(option) + 1];
  assert.equal(new URL(healthCommand(last)!.at(-1)!).port, optionValue('--health-port'));
  assert.equal(lastOf(last, 'EXPOSE'), optionValue('--port'));
});
