/**
 * Notifies systemd of the state of the service: sd_notify(3). The protocol is a datagram on a unix socket, which Node cannot
 * send, so systemd's own program `systemd-notify` sends it.
 */
import process from 'node:process';
import { refusal } from '../options/checks.ts';

/** `systemd-notify` waits until systemd has received the message, which takes milliseconds. */
const TIMEOUT_MS = 10_000;

/**
 * Sends assignments such as `READY=1`, `STOPPING=1` or `STATUS=…`. The unit needs `Type=notify` and `NotifyAccess=all`, because
 * another process sends them.
 *
 * @returns false without a `NOTIFY_SOCKET`: systemd does not expect notifications.
 * @throws {TypeError} for an invalid assignment.
 * @throws {Error} if `systemd-notify` is missing or fails, with its output.
 */
export async function notify(...assignments: readonly string[]): Promise<boolean> {
  for (const assignment of assignments) {
    if (!/^[A-Z][A-Z0-9_]*=[^\n\0]*$/.test(assignment))
      throw new TypeError(refusal('notify', 'an assignment such as READY=1', assignment));
  }
  if (!process.env['NOTIFY_SOCKET'] || assignments.length === 0) return false;
  // Loaded late: most programs run without NOTIFY_SOCKET.
  const { execFile } = await import('node:child_process');
  await new Promise<void>((resolve, reject) => {
    execFile('systemd-notify', assignments, { timeout: TIMEOUT_MS }, (error, _stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`systemd-notify: ${stderr.trim() || error.message}`, { cause: error }));
    });
  });
  return true;
}
