/** The config file is not part of the site it describes: it is neither read by visitors nor put there by them. */
import { realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { plainAnswer } from '../files/plain-answer.ts';
import { pathOf } from '../files/request-path.ts';
import type { FetchFunction } from '../server/handler.ts';
import { decodedSegments } from './path-pattern.ts';

/**
 * Answers 404 for `file`, whether it exists or not, by whatever path of `root` its folder is reached.
 *
 * File systems that take upper and lower case for the same would hand out `SERVAL.JSON`; so would Windows with a dot or
 * a space at its end.
 */
export function hideFile(file: string, root: string, next: FetchFunction): FetchFunction {
  const hidden = folded(basename(file));
  return (request, ctx) => {
    const path = pathOf(request.url);
    const last = path.slice(path.lastIndexOf('/') + 1);
    // Nearly all requests end here.
    if (!last.includes('%') && folded(last) !== hidden) return next(request, ctx, ctx);
    const segments = decodedSegments(path);
    if (segments === undefined || folded(segments.at(-1)!) !== hidden) return next(request, ctx, ctx);
    return sameFolder(join(root, ...segments.slice(0, -1)), dirname(file)).then((same) =>
      same ? plainAnswer(request.method, 404) : next(request, ctx, ctx),
    );
  };
}

/** Whether a path, real but for its last name, is that of `file`: then nobody may write there either. */
export function isFile(file: string): (path: string) => boolean {
  const hidden = folded(basename(file));
  return (path) => {
    if (folded(basename(path)) !== hidden) return false;
    try {
      return realpathSync(dirname(file)) === dirname(path);
    } catch {
      return false;
    }
  };
}

function folded(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[. ]+$/, '');
}

async function sameFolder(one: string, other: string): Promise<boolean> {
  try {
    return (await realpath(one)) === (await realpath(other));
  } catch {
    // There is no such folder, so nothing is in it.
    return false;
  }
}
