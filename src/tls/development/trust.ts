/** How to have a system trust the local authority, and how to undo that. */
export interface TrustStep {
  /** Who takes it up: `the system`, `Firefox`. */
  readonly what: string;
  /** The words of a command; where there is none, `advice` is for people. */
  readonly command?: readonly string[];
  readonly advice?: string;
  /** The command is for the superuser. */
  readonly needsRoot?: boolean;
}

export interface Trusting {
  readonly install: readonly TrustStep[];
  readonly remove: readonly TrustStep[];
}

const NICKNAME = 'Serval development';
const FIREFOX = (file: string): TrustStep => ({
  what: 'Firefox',
  advice: `Settings, Privacy & Security, Certificates, View Certificates, Authorities, Import: ${file}`,
});

/** @param has whether a program is installed. */
export function trusting(
  platform: NodeJS.Platform,
  file: string,
  home: string,
  has: (program: string) => boolean,
): Trusting {
  switch (platform) {
    case 'darwin':
      return {
        install: [
          {
            what: 'the system, Safari and Chrome',
            command: [
              'security',
              'add-trusted-cert',
              '-r',
              'trustRoot',
              '-k',
              `${home}/Library/Keychains/login.keychain-db`,
              file,
            ],
          },
          FIREFOX(file),
        ],
        remove: [{ what: 'the system', command: ['security', 'remove-trusted-cert', file] }],
      };
    case 'win32':
      return {
        install: [
          { what: 'the system, Edge and Chrome', command: ['certutil', '-user', '-addstore', 'Root', file] },
          FIREFOX(file),
        ],
        remove: [{ what: 'the system', command: ['certutil', '-user', '-delstore', 'Root', NICKNAME] }],
      };
    default:
      return {
        install: [...linuxSystem(file, has), chromium(file, home, has), FIREFOX(file)],
        remove: [
          {
            what: 'Chrome and Chromium',
            command: ['certutil', '-d', `sql:${home}/.pki/nssdb`, '-D', '-n', NICKNAME],
          },
        ],
      };
  }
}

function linuxSystem(file: string, has: (program: string) => boolean): TrustStep[] {
  const what = 'the system: curl, wget, git';
  if (has('update-ca-certificates')) {
    const installed = '/usr/local/share/ca-certificates/serval-development.crt';
    return [
      { what, command: ['install', '-m', '644', file, installed], needsRoot: true },
      { what, command: ['update-ca-certificates'], needsRoot: true },
    ];
  }
  if (has('trust')) return [{ what, command: ['trust', 'anchor', file], needsRoot: true }];
  return [{ what, advice: `add ${file} to the authorities that your distribution trusts` }];
}

/** Chrome on Linux has a store of its own for each user. */
function chromium(file: string, home: string, has: (program: string) => boolean): TrustStep {
  const what = 'Chrome and Chromium';
  const store = `sql:${home}/.pki/nssdb`;
  if (has('certutil'))
    return { what, command: ['certutil', '-d', store, '-A', '-t', 'C,,', '-n', NICKNAME, '-i', file] };
  return { what, advice: `Settings, Security, Manage certificates, Installed by you, Import: ${file}` };
}
