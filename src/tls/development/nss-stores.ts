/** The certificate stores of Chromium and Firefox on Linux, which do not use the system's: NSS databases of the user. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine, NssStore, Trusting, TrustStep } from './trust-step.ts';

/** The name of the authority in these stores. */
export const NICKNAME = 'Serval development';

const CHROMIUM = 'Chrome and Chromium';
const DATABASE = 'cert9.db';
/** Of the distribution's package, of the snap, and of the flatpak. */
const FIREFOX_FOLDERS = [
  '.mozilla/firefox',
  'snap/firefox/common/.mozilla/firefox',
  '.var/app/org.mozilla.firefox/.mozilla/firefox',
];

/** Chromium's store, whether it exists or not, and that of each Firefox profile. */
export function nssStores(home: string): NssStore[] {
  const folder = join(home, '.pki/nssdb');
  const chromium = { what: CHROMIUM, folder, exists: existsSync(join(folder, DATABASE)) };
  const firefox = FIREFOX_FOLDERS.flatMap((name) => profilesIn(join(home, name))).map((profile) => ({
    what: 'Firefox',
    folder: profile,
    exists: true,
  }));
  return [chromium, ...firefox];
}

function profilesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((profile) => existsSync(join(profile, DATABASE)));
}

/** With `certutil` of NSS (package libnss3-tools or nss-tools); otherwise advice for people. */
export function nssSteps(file: string, { has, stores }: Machine): Trusting {
  if (!has('certutil')) {
    const chromium = `Settings, Security, Manage certificates, Installed by you, Import: ${file}`;
    const firefox = `Settings, Privacy & Security, View Certificates, Authorities, Import: ${file}`;
    return {
      install: [
        { what: CHROMIUM, advice: `${chromium} (or install certutil: libnss3-tools, nss-tools)` },
        { what: 'Firefox', advice: firefox },
      ],
      remove: [],
    };
  }
  const steps = stores.map(({ what, folder, exists }) => {
    const certutil = (...words: string[]): readonly string[] => ['certutil', '-d', `sql:${folder}`, ...words];
    const remove = certutil('-D', '-n', NICKNAME);
    const prepare: TrustStep[] = exists
      ? // An authority from before has the same name.
        [{ what, command: remove, mayFail: true }]
      : [
          { what, command: ['mkdir', '-p', folder] },
          { what, command: certutil('-N', '--empty-password') },
        ];
    const install = { what, command: certutil('-A', '-t', 'C,,', '-n', NICKNAME, '-i', file) };
    return { install: [...prepare, install], remove: [{ what, command: remove }] };
  });
  return {
    install: steps.flatMap(({ install }) => install),
    remove: steps.flatMap(({ remove }) => remove),
  };
}
