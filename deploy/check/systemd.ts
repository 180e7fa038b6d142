/** Checks the units with systemd-analyze, and how much they restrict the service. */
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { type Check, deployed, needs, runProgram } from './check.ts';

/** On systemd's scale of exposure, OK is below 2.0. */
const MOST_EXPOSURE = 2;

const UNITS = ['serval.service', 'serval-tls.service', 'serval.socket'];

export const systemdCheck: Check = {
  name: 'systemd',
  title: 'systemd-analyze finds no fault in the services and the socket',
  run(scratch) {
    needs('systemd-analyze');
    // systemd-analyze requires the program of the unit to exist, so Node replaces it.
    const files = UNITS.map((name) => {
      writeFileSync(join(scratch, name), deployed(name).replace('/usr/local/bin/serval', process.execPath));
      return join(scratch, name);
    });
    const said = runProgram('systemd-analyze', ['verify', '--man=no', ...files]).trim();
    // Messages about other units of this machine are ignored.
    const ours = said.split('\n').filter((line) => line.includes('serval'));
    if (ours.length > 0) throw new Error(ours.join('\n'));
    return files.filter((file) => file.endsWith('.service')).map(exposureOf);
  },
};

/** @throws {Error} when the exposure of the unit is too high. */
function exposureOf(file: string): string {
  const table = runProgram('systemd-analyze', ['security', '--offline=true', '--no-pager', file]);
  const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(table)?.[1]);
  if (!(exposure < MOST_EXPOSURE)) throw new Error(`exposure ${exposure}:\n${table}`);
  return `${basename(file)}: exposure ${exposure} of 10 according to systemd-analyze security`;
}
