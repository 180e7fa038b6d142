/** Where each system keeps what programs remember for their user. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

export function configFolder(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): string {
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'serval');
    case 'win32':
      return join(env['APPDATA'] || join(home, 'AppData', 'Roaming'), 'serval');
    default:
      return join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'serval');
  }
}
