/**
 * Checks the manifest without a cluster: kubectl reads it, kubectl's types know each field, and references lead to their targets.
 * Admission can only be checked by a cluster.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Check, DEPLOY, needs, refuse, runProgram } from './check.ts';

/** Unchecked JSON. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export interface Manifest {
  readonly [name: string]: Json;
}

const KINDS = ['Deployment', 'Service', 'PodDisruptionBudget', 'HorizontalPodAutoscaler'];

export const kubernetesCheck: Check = {
  name: 'kubernetes',
  title: 'kubectl knows every field of kubernetes.yaml, and references lead somewhere (no cluster asked)',
  run(scratch) {
    needs('kubectl');
    const manifests = readManifests(join(DEPLOY, 'kubernetes.yaml'));
    refuse([
      ...manifests.flatMap((manifest) => unknownFields(manifest, scratch)),
      ...manifestFaults(manifests),
    ]);
    const kinds = manifests.map((manifest) => String(manifest['kind']));
    return [`${runProgram('kubectl', ['version', '--client']).split('\n', 1)[0]}: ${kinds.join(', ')}`];
  },
};

/** `--local`: no server is contacted. The label exists already, so nothing changes. */
function readManifests(file: string): Manifest[] {
  const words = [
    'label',
    '--local',
    '--overwrite',
    '-f',
    file,
    'app.kubernetes.io/name=serval',
    '-o',
    'json',
  ];
  // The output has one object after the other.
  return runProgram('kubectl', words)
    .split(/^(?=\{)/m)
    .filter((text) => text.trim() !== '')
    .map((text) => JSON.parse(text) as Manifest);
}

/** Commands of kubectl that read an object into its type; their effect does not matter. */
const TYPED: Readonly<Record<string, readonly [words: readonly string[], change: string]>> = {
  Deployment: [['set', 'env'], 'CHECKED=1'],
  Service: [['set', 'selector'], 'app.kubernetes.io/name=serval'],
};

/**
 * Merges the object into itself with kubectl: unknown objects and lists of the kind cannot be merged. For two kinds, kubectl also
 * reads the object into its type, which drops other unknown fields and finds values of the wrong type.
 */
function unknownFields(manifest: Manifest, scratch: string): string[] {
  const kind = String(manifest['kind']);
  const file = join(scratch, `${kind}.json`);
  writeFileSync(file, JSON.stringify(manifest));
  const output = ['--local', '-f', file, '-o', 'json'];
  try {
    runProgram('kubectl', ['patch', ...output, '--patch-file', file, '--type', 'strategic']);
    const typed = TYPED[kind];
    if (typed === undefined) return [];
    const read = JSON.parse(runProgram('kubectl', [...typed[0], ...output, typed[1]])) as Json;
    return lacking(manifest, read, kind);
  } catch (error) {
    return [`${kind}: ${(error as Error).message}`];
  }
}

/** The paths of members that are missing in the other value. */
function lacking(value: Json, from: Json | undefined, where: string): string[] {
  if (typeof value !== 'object' || value === null)
    return value === from ? [] : [`${where}: kubectl does not know this`];
  const members = (from ?? {}) as { readonly [name: string]: Json };
  return Object.entries(value).flatMap(([name, member]) =>
    lacking(member as Json, members[name], `${where}.${name}`),
  );
}

/** Faults that otherwise only a cluster would notice. */
export function manifestFaults(manifests: readonly Manifest[]): string[] {
  const faults = KINDS.filter((kind) => !manifests.some((manifest) => manifest['kind'] === kind)).map(
    (kind) => `${kind} is missing`,
  );
  if (faults.length > 0) return faults;
  const [deployment, service, budget, autoscaler] = KINDS.map(
    (kind) => manifests.find((manifest) => manifest['kind'] === kind)!,
  ) as [Manifest, Manifest, Manifest, Manifest];
  const expect = (what: string, isSo: boolean): void => {
    if (!isSo) faults.push(what);
  };
  const labels = at(deployment, 'spec.template.metadata.labels');
  for (const [manifest, path] of [
    [deployment, 'spec.selector.matchLabels'],
    [service, 'spec.selector'],
    [budget, 'spec.selector.matchLabels'],
    [deployment, 'spec.template.spec.topologySpreadConstraints.0.labelSelector.matchLabels'],
  ] as const) {
    expect(
      `${manifest['kind']}: ${path} selects no pod of the deployment`,
      isDeepStrictEqual(at(manifest, path), labels),
    );
  }
  const container = 'spec.template.spec.containers.0';
  const port = at(deployment, `${container}.ports.0.name`);
  const healthPort = at(deployment, `${container}.ports.1.name`);
  for (const [index, option] of ['--port', '--health-port'].entries())
    expect(
      `${option}: the arguments name another port than the container`,
      (at(deployment, `${container}.args`) as Json[]).includes(
        `${option}=${at(deployment, `${container}.ports.${index}.containerPort`)}`,
      ),
    );
  for (const [probe, path] of [
    ['readinessProbe', '/readyz'],
    ['livenessProbe', '/livez'],
  ]) {
    const asked = at(deployment, `${container}.${probe}.httpGet`);
    expect(
      `${probe}: not ${path} of port ${healthPort}`,
      isDeepStrictEqual(asked, { path: path!, port: healthPort! }),
    );
  }
  expect('the service leads to no port of the container', at(service, 'spec.ports.0.targetPort') === port);
  expect(
    'the autoscaler scales something else',
    isDeepStrictEqual(at(autoscaler, 'spec.scaleTargetRef'), {
      apiVersion: deployment['apiVersion']!,
      kind: 'Deployment',
      name: at(deployment, 'metadata.name')!,
    }),
  );
  expect(
    'the autoscaler and the deployment both set replicas',
    at(deployment, 'spec.replicas') === undefined,
  );
  expect(
    'the autoscaler has nothing to measure CPU by',
    at(deployment, `${container}.resources.requests.cpu`) !== undefined,
  );
  const least = Number(at(autoscaler, 'spec.minReplicas'));
  expect('no pod may ever be evicted', Number(at(budget, 'spec.maxUnavailable')) >= 1 && least > 1);
  expect('it may run as root', at(deployment, 'spec.template.spec.securityContext.runAsNonRoot') === true);
  return faults;
}

/** The value at a path such as `a.b.0.c`; `undefined` if there is none. */
function at(manifest: Manifest, path: string): Json | undefined {
  let value: Json | undefined = manifest;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as { readonly [name: string]: Json })[name];
  }
  return value;
}
