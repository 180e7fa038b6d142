/** A server in a process of its own that may have only so many files and connections open. Node only. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LAUNCH = fileURLToPath(new URL('./servers/launch.js', import.meta.url));

/** @returns the port, and how to end it; `undefined` where a process can't be limited. */
export async function startLimited(
  descriptors: number,
  fixture: string,
  options: object = {},
): Promise<{ port: number; stop(): Promise<string> } | undefined> {
  const child = spawn(
    'bash',
    [
      '-c',
      `ulimit -n ${descriptors} && exec "$0" "$@"`,
      process.execPath,
      LAUNCH,
      fixture,
      JSON.stringify(options),
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exited = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(`${signal ?? code} ${stderr}`));
  });
  const port = await Promise.race([
    exited.then(() => 0),
    new Promise<number>((resolve) =>
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('listening ')) resolve(Number(line.slice(10)));
      }),
    ),
  ]);
  if (port === 0) return undefined;
  return {
    port,
    stop: () => {
      child.stdin.end();
      return exited;
    },
  };
}
