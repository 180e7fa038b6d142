import { spawn } from 'node:child_process';

/** Opens the URL in the user's browser. A failure is reported in one line, and the server continues. */
export function openBrowser(
  url: string,
  complain: (message: string) => void,
  platform = process.platform,
): void {
  const { command, words, verbatim } = opener(url, platform);
  const failed = (why: string): void => complain(`cannot open a browser (${why}); open ${url} yourself`);
  try {
    const child = spawn(command, words, {
      // The browser must not end with the server.
      detached: true,
      stdio: 'ignore',
      windowsVerbatimArguments: verbatim,
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      failed(error.code === 'ENOENT' ? `${command} is not installed` : error.message);
    });
    child.once('exit', (code) => {
      if (code !== 0 && code !== null) failed(`${command} exited with ${code}`);
    });
    child.unref();
  } catch (error) {
    failed((error as Error).message);
  }
}

function opener(
  url: string,
  platform: NodeJS.Platform,
): { command: string; words: string[]; verbatim: boolean } {
  switch (platform) {
    case 'darwin':
      return { command: 'open', words: [url], verbatim: false };
    case 'win32':
      // The first quoted argument is a window title. The URL contains no character that is special to cmd.
      return { command: 'cmd', words: ['/d', '/s', '/c', `start "" "${url}"`], verbatim: true };
    default:
      return { command: 'xdg-open', words: [url], verbatim: false };
  }
}
