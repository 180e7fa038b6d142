/**
 * Kills a server that receives uploads, again and again, and looks at the files it leaves.
 *
 * In each of its lives, `serval --upload --overwrite` receives 8 MiB files from two clients at once. One stores new names, by
 * PUT and by forms; the other replaces the same file over and over. At a random moment the server is killed (SIGKILL). Then:
 *
 * - a name whose upload was acknowledged has exactly that content, or the content of the upload that was replacing it;
 * - a name whose first upload was not acknowledged has the complete content, or does not exist;
 * - no name has any other content, and the next start removes the temporary files of unfinished uploads.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isPartName } from '../../../src/files/lookup/part-name.ts';
import { ServalProcess } from '../../cli/serval-process.ts';
import { Random } from '../../fuzz/random.ts';
import { contentOf, uploadOf } from './content.ts';

export interface Kills {
  /** Kills while at least one upload had no response yet. */
  kills: number;
  /** The content found under the name of each upload without a response. */
  readonly found: { old: number; new: number; absent: number };
  /** Uploads that were acknowledged and found complete after the kill. */
  acknowledged: number;
  /** Temporary files that were left by a kill and removed by the next start. */
  swept: number;
  /** What went wrong, a line each. */
  readonly faults: string[];
}

/** What the client knows about a name. */
interface Known {
  /** The last upload that was acknowledged. */
  acknowledged: number | undefined;
  /** The upload without a response when the server was killed. */
  inProgress: number | undefined;
}

const REPLACED = 'replaced.bin';
/** The longest life, in times of one upload on this machine: a life sees none, one or several uploads end. */
const UPLOADS_A_LIFE = 4;
const SWEEP_PATIENCE_MS = 20_000;

/** @param onKill is called after each kill with the number of kills so far. */
export async function killUploads(
  count: number,
  seed: number,
  onKill: (kills: number) => void = () => {},
): Promise<Kills> {
  const root = await mkdtemp(join(tmpdir(), 'serval-kills-'));
  const result: Kills = {
    kills: 0,
    found: { old: 0, new: 0, absent: 0 },
    acknowledged: 0,
    swept: 0,
    faults: [],
  };
  const random = new Random(seed);
  const names = new Map<string, Known>();
  try {
    const longest = UPLOADS_A_LIFE * (await uploadTime(root));
    while (result.kills < count && result.faults.length === 0) {
      await live(root, names, random.below(longest), random, result);
      inspect(root, names, result);
      onKill(result.kills);
    }
    // One more start removes the temporary files of the last life.
    await using serval = await ServalProcess.serve([root, '--upload']);
    await untilSwept(root, result);
    serval.child.kill('SIGTERM');
  } finally {
    await rm(root, { recursive: true });
  }
  return result;
}

/** How long two uploads at once take, in milliseconds. */
async function uploadTime(root: string): Promise<number> {
  await using serval = await ServalProcess.serve([root, '--upload', '--overwrite']);
  const both = () => Promise.all(['a', 'b'].map((name) => send(serval.origin, name, contentOf(1), false)));
  // The first uploads pay for what is made only once.
  await both();
  const start = performance.now();
  await both();
  const time = performance.now() - start;
  for (const name of ['a', 'b']) rmSync(join(root, name));
  return Math.ceil(time);
}

/** One life of the server: from its start to its kill, `milliseconds` after its clients have begun. */
async function live(
  root: string,
  names: Map<string, Known>,
  milliseconds: number,
  random: Random,
  result: Kills,
): Promise<void> {
  const serval = await ServalProcess.serve([root, '--upload', '--overwrite']);
  await untilSwept(root, result);
  let isAlive = true;
  const upload = async (name: string): Promise<void> => {
    const known = names.get(name) ?? { acknowledged: undefined, inProgress: undefined };
    names.set(name, known);
    const id = random.next() >>> 0;
    known.inProgress = id;
    const answer = await send(serval.origin, name, contentOf(id), random.oneIn(4)).catch(() => undefined);
    if (answer === undefined) return;
    known.inProgress = undefined;
    if (answer.status === 201 || answer.status === 204) known.acknowledged = id;
    else result.faults.push(`${name} was answered ${answer.status}: ${await answer.text()}`);
  };
  const clients = [
    async () => {
      for (let i = 0; isAlive; i++) await upload(`new-${result.kills}-${i}.bin`);
    },
    async () => {
      while (isAlive) await upload(REPLACED);
    },
  ].map((client) => client());
  await sleep(milliseconds);
  const isUploading = [...names.values()].some(({ inProgress }) => inProgress !== undefined);
  serval.child.kill('SIGKILL');
  isAlive = false;
  await serval.exit();
  await Promise.all(clients);
  if (isUploading) result.kills++;
}

async function send(origin: string, name: string, content: Buffer, asForm: boolean): Promise<Response> {
  if (!asForm) return fetch(`${origin}/${name}`, { method: 'PUT', body: content });
  const body = new FormData();
  body.append('file', new Blob([content]), name);
  return fetch(`${origin}/`, { method: 'POST', body, headers: { Accept: 'application/json' } });
}

/** Looks at each name, and removes the files with new names. */
function inspect(root: string, names: Map<string, Known>, result: Kills): void {
  for (const [name, known] of names) {
    const path = join(root, name);
    const isThere = existsSync(path);
    const found = isThere ? uploadOf(readFileSync(path)) : undefined;
    const { acknowledged, inProgress } = known;
    if (isThere && found === undefined) result.faults.push(`${name} is incomplete, or a mixture of uploads`);
    else if (found !== acknowledged && (found === undefined || found !== inProgress)) {
      result.faults.push(`${name}: found ${found}, acknowledged ${acknowledged}, in progress ${inProgress}`);
    }
    if (acknowledged !== undefined) result.acknowledged++;
    if (inProgress !== undefined) {
      result.found[found === undefined ? 'absent' : found === inProgress ? 'new' : 'old']++;
    }
    if (name === REPLACED) names.set(name, { acknowledged: found, inProgress: undefined });
    else {
      names.delete(name);
      rmSync(path, { force: true });
    }
  }
  const strange = readdirSync(root).filter((name) => name !== REPLACED && !isPartName(name));
  if (strange.length > 0) result.faults.push(`left behind: ${strange.join(', ')}`);
}

async function untilSwept(root: string, result: Kills): Promise<void> {
  const parts = () => readdirSync(root).filter(isPartName);
  const deadline = performance.now() + SWEEP_PATIENCE_MS;
  const before = parts().length;
  while (parts().length > 0) {
    if (performance.now() > deadline) return void result.faults.push(`not swept: ${parts().join(', ')}`);
    await sleep(5);
  }
  result.swept += before;
}
