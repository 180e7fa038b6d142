/**
 * A small application against the tarball's types: each compiler × with and without the library DOM × with and without
 * `@types/node` × each package manager.
 */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultOf, type Outcome } from './outcome.ts';
import type { PackageManager, Tools } from './package-managers.ts';
import { ROOT, type Tarball } from './tarball.ts';

/** Versions of TypeScript. 5.4 is the oldest that the declarations support; it is tried with the first package manager. */
const VERSIONS = ['5.4', '5.7', '5.9', 'latest'];
/** The newest that reads Plug'n'Play: TypeScript 7 does not. */
const NEWEST_WITH_PNP = '6.0';

const nameOf = (version: string): string => `typescript-${version}`;

/** What is installed among the tools. */
export const COMPILERS = VERSIONS.map((version) => `${nameOf(version)}@npm:typescript@${version}`);

const APPLICATION = join(ROOT, 'test/packaging/application');
const LIBRARIES = { 'with DOM': ['ES2022', 'DOM', 'DOM.Iterable'], 'no DOM': ['ES2022'] } as const;

export async function checkTypes(
  manager: PackageManager,
  hasNodeTypes: boolean,
  scratch: string,
  tools: Tools,
  tarball: Tarball,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const nodeTypes = hasNodeTypes ? '@types/node' : 'no @types/node';
  const folder = join(scratch, `${manager.name.replace(/\W+/g, '-')}-${hasNodeTypes ? 'node' : 'plain'}`);
  const dependencies = {
    serval: `file:${tarball.file}`,
    ...(hasNodeTypes && { '@types/node': '^20' }),
  };
  const check = async (what: readonly string[], action: () => Promise<unknown>): Promise<boolean> => {
    const fault = await faultOf(action);
    outcomes.push({ what, fault });
    return fault === '';
  };
  const prepare = async (more: Readonly<Record<string, string>>): Promise<void> => {
    await manager.install({ folder, dependencies: { ...dependencies, ...more } });
    cpSync(APPLICATION, folder, { recursive: true });
    writeFileSync(
      join(folder, 'entries.ts'),
      `${tarball.entries.map((entry) => `import '${entry}';`).join('\n')}\nexport {};\n`,
    );
  };
  if (!manager.hasOwnCompiler && !(await check([manager.name, nodeTypes, 'install'], () => prepare({}))))
    return outcomes;
  for (const version of versionsFor(manager)) {
    const where = [manager.name, nodeTypes, `TypeScript ${version}`];
    if (manager.hasOwnCompiler) {
      const isInstalled = await check([...where, 'install'], () => prepare({ typescript: version }));
      if (!isInstalled) continue;
    }
    for (const [library, lib] of Object.entries(LIBRARIES)) {
      const config = `tsconfig.${version}.${library.replace(/\W/g, '')}.json`;
      const hasWeb = hasNodeTypes || library === 'with DOM';
      writeFileSync(join(folder, config), JSON.stringify(configOf(lib, hasNodeTypes, hasWeb)));
      await check([...where, library], () =>
        manager.compile(folder, config, tools.path(nameOf(version), 'bin/tsc')),
      );
    }
  }
  await check([manager.name, nodeTypes, 'import and require each entry, ask a server'], async () => {
    const printed = await manager.node(folder, 'smoke.js', JSON.stringify(tarball.entries));
    if (printed.match(/You requested \/hello/g)?.length !== 2) throw new Error(printed);
  });
  return outcomes;
}

function versionsFor({ name, hasOwnCompiler }: PackageManager): string[] {
  if (hasOwnCompiler)
    return VERSIONS.slice(1).map((version) => (version === 'latest' ? NEWEST_WITH_PNP : version));
  return name === 'npm' ? VERSIONS : VERSIONS.slice(1);
}

const configOf = (lib: readonly string[], hasNodeTypes: boolean, hasWeb: boolean) => ({
  compilerOptions: {
    ...{ strict: true, noEmit: true, skipLibCheck: false, exactOptionalPropertyTypes: true },
    ...{ module: 'NodeNext', target: 'ES2022', lib, types: hasNodeTypes ? ['node'] : [] },
  },
  files: ['everywhere.ts', 'entries.ts', ...(hasWeb ? ['with-the-web.ts'] : [])],
});
