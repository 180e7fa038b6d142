/**
 * A lock between processes: a file that only one of them can create. The holder shows that it lives by touching the file; when
 * it has died, another process may take the lock after a while.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';

const TOUCH_MS = 10_000;
/** A machine that stands still for so long loses the lock: two orders at once are a waste, and no harm. */
const STALE_MS = 60_000;

export interface HeldLock {
  release(): Promise<void>;
}

/**
 * @param staleMs milliseconds without a sign of life after which the lock of another process may be taken; above 10 s.
 * @returns `undefined` while another process holds it.
 */
export async function takeLock(
  file: string,
  now: () => number = Date.now,
  staleMs = STALE_MS,
): Promise<HeldLock | undefined> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const mark = `${process.pid} ${randomBytes(8).toString('hex')}`;
  if (
    !(await create(file, mark)) &&
    !((await removeStale(file, now(), staleMs)) && (await create(file, mark)))
  )
    return undefined;
  const isOurs = async (): Promise<boolean> => (await readFile(file, 'utf8').catch(() => '')) === mark;
  const timer = setInterval(() => {
    const time = new Date(now());
    void isOurs()
      .then((is) => (is ? utimes(file, time, time) : undefined))
      .catch(() => {});
  }, TOUCH_MS);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      if (await isOurs()) await rm(file, { force: true });
    },
  };
}

async function create(file: string, mark: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(mark);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** @returns whether the lock was of a process that has died, and is gone. */
async function removeStale(file: string, now: number, staleMs: number): Promise<boolean> {
  const isStale = async (path: string): Promise<boolean> => {
    const found = await stat(path).catch(() => undefined);
    return found !== undefined && now - found.mtimeMs > staleMs;
  };
  if (!(await isStale(file))) return false;
  // Moved away before it is removed: of two that find it, one moves it. What the other one moves then is looked at again.
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(file, aside);
  } catch {
    return false;
  }
  if (await isStale(aside)) {
    await rm(aside, { force: true });
    return true;
  }
  await rename(aside, file);
  return false;
}
