/** The units, as systemd-analyze reads them, and how much they shut in. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { type Check, deployed, needs, runProgram } from './check.ts';

/** Of systemd's own scale: below 2.0 it says OK; what serves strangers may well be there. */
const MOST_EXPOSURE = 2;

export const systemdCheck: Check = {
  name: 'systemd',
  title: 'systemd-analyze finds nothing wrong with serval.service and serval.socket',
  run(scratch) {
    needs('systemd-analyze');
    // It wants to see the program, which is not installed here; the one that runs this stands in.
    const service = deployed('serval.service').replace('/usr/local/bin/serval', process.execPath);
    const units = { 'serval.service': service, 'serval.socket': deployed('serval.socket') };
    const files = Object.entries(units).map(([name, text]) => {
      writeFileSync(join(scratch, name), text);
      return join(scratch, name);
    });
    const said = runProgram('systemd-analyze', ['verify', '--man=no', ...files]).trim();
    // What it says of other units of this machine is no business of ours.
    const ours = said.split('\n').filter((line) => line.includes('serval'));
    if (ours.length > 0) throw new Error(ours.join('\n'));
    return [exposureOf(files[0]!)];
  },
};

/** @throws {Error} when the unit leaves more open than it should. */
function exposureOf(file: string): string {
  const table = runProgram('systemd-analyze', ['security', '--offline=true', '--no-pager', file]);
  const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(table)?.[1]);
  if (!(exposure < MOST_EXPOSURE)) throw new Error(`exposure ${exposure}:\n${table}`);
  return `exposure ${exposure} of 10, as systemd-analyze security reckons`;
}
