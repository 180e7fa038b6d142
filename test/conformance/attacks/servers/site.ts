/** A folder as a site, the way the command line serves it. */

import { files } from '../../../../src/files/files.ts';
import * as serval from '../../../../src/index.ts';
import type { Fixture } from '../../../support/servers/launch.ts';

export default function site({ root }: { readonly root: string }): Fixture {
  return { server: serval.serve(files(root), { hostname: '127.0.0.1', port: 0 }) };
}
