/** Stores the files of a form, each by itself: one that is refused does not prevent the others. */
import type { BigIntStats } from 'node:fs';
import type { HeldFolder } from '../lookup/held-folder.ts';
import { isPartName } from '../lookup/part-name.ts';
import { decodeName } from '../lookup/path-within-root.ts';
import { type FormFile, formFiles } from './multipart-form.ts';
import { nameReserved, refusalFor, UploadRefusal } from './refusal.ts';
import { storeFile } from './store-file.ts';

export interface FileResult {
  /** The name as the client sent it; `undefined` if the form itself was refused. */
  readonly name: string | undefined;
  /** 201, 204 if a file was replaced, or the status of the refusal. */
  readonly status: number;
  /** Why it was refused, in words. */
  readonly message: string | undefined;
}

export interface FormOptions {
  /** Whether names may begin with a dot. */
  readonly dotfiles: boolean;
  /** The largest file, in bytes. */
  readonly maxOctets: number;
  /** See `StoreOptions.check`. */
  readonly check: (name: string, current: BigIntStats | undefined) => Promise<void>;
}

/** @throws the error of the request's content when the client has gone, and faults; no refusal. */
export async function storeForm(
  folder: HeldFolder,
  content: AsyncGenerator<Uint8Array>,
  boundary: string,
  options: FormOptions,
): Promise<FileResult[]> {
  const results: FileResult[] = [];
  try {
    for await (const file of formFiles(content, boundary)) {
      const result = await storeOne(folder, file, options);
      if (result !== undefined) results.push(result);
    }
  } catch (error) {
    const refusal = refusalFor(error);
    if (refusal === undefined) throw error;
    // If the form ends in the middle of a file, the result of that file says so already.
    if (results.at(-1)?.message !== refusal.message) results.push(refused(undefined, refusal));
  } finally {
    await content.return(undefined);
  }
  return results;
}

/** @returns `undefined` where no file was chosen: browsers send an empty one without a name then. */
async function storeOne(
  folder: HeldFolder,
  { fileName, content }: FormFile,
  { dotfiles, maxOctets, check }: FormOptions,
): Promise<FileResult | undefined> {
  try {
    if (fileName === '' && (await isEmpty(content))) return undefined;
    const name = checkedName(fileName, dotfiles);
    const { replaced } = await storeFile(folder, name, content, {
      maxOctets,
      check: (current) => check(name, current),
    });
    return { name: fileName, status: replaced ? 204 : 201, message: undefined };
  } catch (error) {
    const refusal = refusalFor(error);
    if (refusal === undefined) throw error;
    return refused(fileName, refusal);
  }
}

const refused = (name: string | undefined, { status, message }: UploadRefusal): FileResult => ({
  name,
  status,
  message,
});

async function isEmpty(content: AsyncIterable<Uint8Array>): Promise<boolean> {
  for await (const chunk of content) if (chunk.length > 0) return false;
  return true;
}

/** Names in forms follow the rule for names in paths. A path is refused, and never cut down to its last name. */
function checkedName(fileName: string, dotfiles: boolean): string {
  const name = decodeName(encodeURIComponent(fileName), dotfiles);
  if (typeof name === 'string' && !isPartName(name)) return name;
  if (typeof name === 'object' && name.refused === 'malformed') {
    throw new UploadRefusal(400, 'A file can not have this name.');
  }
  throw nameReserved();
}
