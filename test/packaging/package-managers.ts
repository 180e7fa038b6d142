/** A project with the tarball as its dependency, installed by npm, by pnpm without hoisting, or by Yarn's Plug'n'Play. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, runNode } from './commands.ts';

/** The programs of the check itself, outside of all projects: package managers, compilers, linters. */
export class Tools {
  readonly #folder: string;

  constructor(scratch: string) {
    this.#folder = join(scratch, 'tools');
  }

  async install(packages: readonly string[]): Promise<void> {
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, 'package.json'), '{ "private": true }');
    await npmInstall(this.#folder, packages);
  }

  /** The file of a program of a package. */
  path(...parts: readonly string[]): string {
    return join(this.#folder, 'node_modules', ...parts);
  }
}

export function npmInstall(folder: string, packages: readonly string[] = []): Promise<string> {
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', '--no-package-lock'];
  return run(folder, 'npm', 'install', ...quiet, ...packages);
}

export interface Project {
  readonly folder: string;
  /** Names and versions. */
  readonly dependencies: Readonly<Record<string, string>>;
}

export interface PackageManager {
  readonly name: string;
  /** A compiler outside of the project does not see the packages: the project has its own. */
  readonly hasOwnCompiler: boolean;
  install(project: Project): Promise<unknown>;
  node(folder: string, ...words: readonly string[]): Promise<string>;
  /** Runs the compiler. @param compiler the file of one outside of the project. */
  compile(folder: string, config: string, compiler: string): Promise<string>;
}

const runCompiler = (folder: string, config: string, compiler: string): Promise<string> =>
  runNode(folder, compiler, '-p', config);

export function packageManagers(tools: Tools): PackageManager[] {
  const pnpm = tools.path('pnpm/bin/pnpm.cjs');
  const yarn = tools.path('@yarnpkg/cli-dist/bin/yarn.js');
  return [
    {
      name: 'npm',
      hasOwnCompiler: false,
      install: (project) => {
        writeProject(project);
        return npmInstall(project.folder);
      },
      node: runNode,
      compile: runCompiler,
    },
    {
      name: 'pnpm, hoist=false',
      hasOwnCompiler: false,
      install: (project) => {
        writeProject(project);
        writeFileSync(join(project.folder, '.npmrc'), 'hoist=false\nshamefully-hoist=false\n');
        const store = join(project.folder, '../pnpm-store');
        return runNode(project.folder, pnpm, 'install', '--prefer-offline', '--store-dir', store);
      },
      node: runNode,
      compile: runCompiler,
    },
    {
      name: "Yarn, Plug'n'Play",
      hasOwnCompiler: true,
      install: (project) => {
        writeProject(project);
        writeFileSync(
          join(project.folder, '.yarnrc.yml'),
          'nodeLinker: pnp\nenableImmutableInstalls: false\n',
        );
        // Without a lock file of its own it would belong to a project above.
        writeFileSync(join(project.folder, 'yarn.lock'), '');
        return runNode(project.folder, yarn, 'install');
      },
      node: (folder, ...words) => runNode(folder, yarn, 'node', ...words),
      compile: (folder, config) => runNode(folder, yarn, 'tsc', '-p', config),
    },
  ];
}

function writeProject({ folder, dependencies }: Project): void {
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'application', private: true, type: 'module', dependencies };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
}
