/** Stores the files of a form, each by itself: one that is refused does not take the others with it. */
import { join } from 'node:path';
import { isPartName } from '../lookup/part-name.ts';
import { decodeName } from '../lookup/path-within-root.ts';
import { type FormFile, formFiles } from './multipart-form.ts';
import type { UploadSettings } from './options.ts';
import { nameReserved, nameTaken, refusalFor, UploadRefusal } from './refusal.ts';
import { storeFile } from './store-file.ts';

export interface FileResult {
  /** The name as the client sent it; `undefined` if it is the form itself that was refused. */
  readonly name: string | undefined;
  /** 201, 204 if a file was replaced, or the status that refuses it. */
  readonly status: number;
  /** Why it was refused, in words. */
  readonly message: string | undefined;
}

/** @throws what the content of the request says when the client has gone, and faults; no refusal. */
export async function storeForm(
  folder: string,
  content: AsyncGenerator<Uint8Array>,
  boundary: string,
  settings: UploadSettings,
): Promise<FileResult[]> {
  const results: FileResult[] = [];
  try {
    for await (const file of formFiles(content, boundary)) {
      const result = await storeOne(folder, file, settings);
      if (result !== undefined) results.push(result);
    }
  } catch (error) {
    const refusal = refusalFor(error);
    if (refusal === undefined) throw error;
    // A form that breaks off in the middle of a file has been told with that file.
    if (results.at(-1)?.message !== refusal.message) results.push(refused(undefined, refusal));
  } finally {
    await content.return(undefined);
  }
  return results;
}

/** @returns `undefined` where no file was chosen: browsers send an empty one without a name then. */
async function storeOne(
  folder: string,
  file: FormFile,
  settings: UploadSettings,
): Promise<FileResult | undefined> {
  const { fileName, content } = file;
  try {
    if (fileName === '' && (await isEmpty(content))) return undefined;
    const name = checkedName(fileName, settings.dotfiles);
    if (settings.isReserved(join(folder, name))) throw nameReserved();
    const { replaced } = await storeFile(folder, name, content, {
      maxOctets: settings.maxFileSize,
      check: (current) => {
        if (current !== undefined && !settings.overwrite) throw nameTaken();
      },
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

/** The rule for names in paths is the rule for names in forms. A path is never cut down to its last name. */
function checkedName(fileName: string, dotfiles: boolean): string {
  const name = decodeName(encodeURIComponent(fileName), dotfiles);
  if (typeof name === 'string' && !isPartName(name)) return name;
  if (typeof name === 'object' && name.refused === 'malformed') {
    throw new UploadRefusal(400, 'A file can not have this name.');
  }
  throw nameReserved();
}
