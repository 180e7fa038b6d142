import { spawn } from 'node:child_process';

/** Opens the URL in the user's browser. Whatever goes wrong is one line for them, and the server goes on. */
export function openBrowser(
  url: string,
  complain: (message: string) => void,
  platform = process.platform,
): void {
  const { command, words, verbatim } = opener(url, platform);
  const failed = (why: string): void => complain(`can't open a browser (${why}); open ${url} yourself.`);
  try {
    const child = spawn(command, words, {
      // A browser outlives the server that it was opened for.
      detached: true,
      stdio: 'ignore',
      windowsVerbatimArguments: verbatim,
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      failed(error.code === 'ENOENT' ? `there is no ${command}` : error.message);
    });
    child.once('exit', (code) => {
      if (code !== 0 && code !== null) failed(`${command} ended with ${code}`);
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
      // The first thing in quotation marks is the title of a window. The URL is ours and has nothing that cmd would touch.
      return { command: 'cmd', words: ['/d', '/s', '/c', `start "" "${url}"`], verbatim: true };
    default:
      return { command: 'xdg-open', words: [url], verbatim: false };
  }
}
