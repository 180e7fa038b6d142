/** How to make a system trust the local authority, and how to undo that. */
import { NICKNAME, nssSteps } from './nss-stores.ts';
import type { Machine, Trusting, TrustStep } from './trust-step.ts';

/** @param file the certificate of the authority. */
export function trusting(file: string, machine: Machine): Trusting {
  switch (machine.platform) {
    case 'darwin':
      return onMac(file, machine);
    case 'win32':
      // This certutil is a program of Windows. It stores the authority for the current user and asks for consent.
      return {
        install: [
          { what: 'the system, Edge and Chrome', command: ['certutil', '-user', '-addstore', 'Root', file] },
          FIREFOX_AS_SYSTEM,
        ],
        remove: [{ what: 'the system', command: ['certutil', '-user', '-delstore', 'Root', NICKNAME] }],
      };
    default: {
      const system = linuxSystem(file, machine);
      const nss = nssSteps(file, machine);
      return { install: [...system.install, ...nss.install], remove: [...system.remove, ...nss.remove] };
    }
  }
}

/** Since version 120. */
const FIREFOX_AS_SYSTEM: TrustStep = { what: 'Firefox', advice: 'trusts what the system trusts' };

function onMac(file: string, { home }: Machine): Trusting {
  const keychain = `${home}/Library/Keychains/login.keychain-db`;
  return {
    install: [
      {
        what: 'the system, Safari and Chrome',
        command: ['security', 'add-trusted-cert', '-r', 'trustRoot', '-k', keychain, file],
      },
      FIREFOX_AS_SYSTEM,
    ],
    remove: [{ what: 'the system', command: ['security', 'remove-trusted-cert', file] }],
  };
}

const DEBIAN_FILE = '/usr/local/share/ca-certificates/serval-development.crt';

function linuxSystem(file: string, { has }: Machine): Trusting {
  const what = 'the system: curl, wget, git';
  const asRoot = (...command: string[]): TrustStep => ({ what, command, needsRoot: true });
  // Debian, Ubuntu, Alpine.
  if (has('update-ca-certificates')) {
    return {
      install: [asRoot('install', '-m', '644', file, DEBIAN_FILE), asRoot('update-ca-certificates')],
      remove: [asRoot('rm', '-f', DEBIAN_FILE), asRoot('update-ca-certificates', '--fresh')],
    };
  }
  // Fedora, Arch, openSUSE: p11-kit.
  if (has('trust')) {
    return {
      install: [asRoot('trust', 'anchor', file)],
      remove: [asRoot('trust', 'anchor', '--remove', file)],
    };
  }
  const advice = `add ${file} to the authorities that your distribution trusts`;
  return { install: [{ what, advice }], remove: [] };
}
