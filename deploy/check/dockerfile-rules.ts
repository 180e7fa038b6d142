/** The rules for the Dockerfile. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, deployed, ROOT, refuse } from './check.ts';
import { execForm, lastOf, parseDockerfile, type Stage } from './dockerfile.ts';

const INSTRUCTIONS = new Set([
  ...['ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'HEALTHCHECK'],
  ...['LABEL', 'RUN', 'STOPSIGNAL', 'USER', 'WORKDIR'],
]);

export const dockerfileCheck: Check = {
  name: 'dockerfile',
  title: 'the Dockerfile follows the rules (read, not built)',
  run() {
    const stages = parseDockerfile(deployed('Dockerfile'));
    refuse([...dockerfileFaults(stages), ...missingSources(stages)]);
    return [`${stages.length} stages`];
  },
};

export function dockerfileFaults(stages: readonly Stage[]): string[] {
  const last = stages.at(-1);
  if (last === undefined) return ['FROM is missing'];
  const faults = [];
  if (stages.length < 2) faults.push('only one stage: the build tools would be in the image');
  for (const { from, instructions } of stages) {
    if (!/:[^:/]+$/.test(from)) faults.push(`FROM ${from}: no version`);
    for (const { name } of instructions)
      if (!INSTRUCTIONS.has(name)) faults.push(`${name}: not an allowed instruction`);
  }
  const user = lastOf(last, 'USER');
  if (user === undefined || !/^[1-9]\d*(:[1-9]\d*)?$/.test(user))
    faults.push(`USER: expected a number above 0, got ${user}`);
  if (execForm(lastOf(last, 'ENTRYPOINT')) === undefined)
    faults.push('ENTRYPOINT: not in exec form, so a shell gets the SIGTERM');
  if (execForm(lastOf(last, 'CMD')) === undefined) faults.push('CMD: not in exec form');
  if (healthCommand(last) === undefined) faults.push('HEALTHCHECK: missing, or not in exec form');
  if (last.instructions.some(({ name }) => name === 'RUN'))
    faults.push('RUN in the last stage: only copies are allowed there');
  return faults;
}

export function healthCommand(stage: Stage): string[] | undefined {
  const words = lastOf(stage, 'HEALTHCHECK');
  const at = words?.indexOf('CMD ') ?? -1;
  return at === -1 ? undefined : execForm(words?.slice(at + 4));
}

/** Sources of COPY must exist and must not be excluded by `.dockerignore`. */
function missingSources(stages: readonly Stage[]): string[] {
  const allowed = deployed('Dockerfile.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  return stages.flatMap(({ instructions }) =>
    instructions
      .filter(({ name, words }) => name === 'COPY' && !words.startsWith('--from'))
      .flatMap(({ words }) => words.split(/\s+/).slice(0, -1))
      .flatMap((source) => {
        if (!existsSync(join(ROOT, source))) return [`COPY ${source}: the file does not exist`];
        return allowed.includes(source) ? [] : [`COPY ${source}: Dockerfile.dockerignore excludes it`];
      }),
  );
}
