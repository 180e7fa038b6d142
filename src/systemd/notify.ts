/**
 * Telling systemd how we are: sd_notify(3). It takes a datagram on a unix socket, which Node can't send, so the program that
 * comes with systemd does it.
 */
import process from 'node:process';

/** It waits until systemd has taken the message, which takes milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Sends assignments such as `READY=1`, `STOPPING=1` or `STATUS=…`. The unit needs `Type=notify` and `NotifyAccess=all`, since it is
 * another process that sends them.
 *
 * @returns false when nobody wants to know: there is no `NOTIFY_SOCKET`.
 * @throws {TypeError} for what is no assignment.
 * @throws {Error} when `systemd-notify` is missing or fails, with what it said.
 */
export async function notify(...assignments: readonly string[]): Promise<boolean> {
  for (const assignment of assignments) {
    if (!/^[A-Z][A-Z0-9_]*=[^\n\0]*$/.test(assignment))
      throw new TypeError(`notify: not an assignment such as READY=1: ${JSON.stringify(assignment)}`);
  }
  if (!process.env['NOTIFY_SOCKET'] || assignments.length === 0) return false;
  // Most programs are told nothing, and need not wait for this when they start.
  const { execFile } = await import('node:child_process');
  await new Promise<void>((resolve, reject) => {
    execFile('systemd-notify', assignments, { timeout: PATIENCE_MS }, (error, _stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`systemd-notify: ${stderr.trim() || error.message}`, { cause: error }));
    });
  });
  return true;
}
