/** No file of `deploy/` passes `/livez`, `/readyz` and `/healthz` to the public: they tell how the server is and cost its time. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, DEPLOY, deployed, refuse } from './check.ts';

export const probesCheck: Check = {
  name: 'probes',
  title: 'probes are answered on a port of their own in every file',
  run() {
    const names = readdirSync(DEPLOY).filter((name) => statSync(join(DEPLOY, name)).isFile());
    const started = names.filter((name) => /--health\b/.test(deployed(name)));
    refuse(started.flatMap((name) => probeFaults(name, deployed(name))));
    return [started.join(', ')];
  },
};

/** @param text a file that starts Serval, or that forwards to it. */
export function probeFaults(name: string, text: string): string[] {
  // `--health` alone answers probes on the port of the site.
  const faults = /--health(?!-port)\b/.test(text)
    ? [`${name}: --health answers the public; use --health-port`]
    : [];
  if (/send-proxy-v2.*check-send-proxy/.test(text))
    faults.push(`${name}: the port of the probes takes no PROXY header`);
  return faults;
}
