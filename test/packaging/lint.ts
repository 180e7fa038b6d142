/** What publint and Are The Types Wrong find in the tarball: nothing. */
import { runNode } from './commands.ts';
import { faultOf, type Outcome } from './outcome.ts';
import type { Tools } from './package-managers.ts';
import type { Tarball } from './tarball.ts';

export async function checkLint(tools: Tools, { file }: Tarball): Promise<Outcome[]> {
  const publint = () => runNode('.', tools.path('publint/src/cli.js'), 'run', file, '--strict');
  // The package is ESM. `require()` loads ESM on all versions of Node that `engines` allows; the matrix does it.
  const types = ['--profile', 'node16', '--ignore-rules', 'cjs-resolves-to-esm'];
  const attw = () => runNode('.', tools.path('@arethetypeswrong/cli/dist/index.js'), file, ...types);
  return [
    { what: ['publint', '--strict'], fault: await faultOf(publint) },
    { what: ['attw', types.join(' ')], fault: await faultOf(attw) },
  ];
}
