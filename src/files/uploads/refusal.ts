/** Why an upload is not stored: a status, and a sentence for the client. */

export class UploadRefusal extends Error {
  override readonly name = 'UploadRefusal';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const nameReserved = (): UploadRefusal =>
  new UploadRefusal(403, 'A file may not have this name here.');

export const nameMalformed = (): UploadRefusal => new UploadRefusal(400, 'A file can not have this name.');

export const nameMissing = (): UploadRefusal => new UploadRefusal(400, 'The name is missing.');

export const nameTaken = (): UploadRefusal => new UploadRefusal(409, 'There is already a file of this name.');

export const nameShadows = (): UploadRefusal =>
  new UploadRefusal(409, 'A file of this name would change what another path of this site answers.');

export const folderMissing = (): UploadRefusal => new UploadRefusal(409, 'There is no such folder.');

export const entryMissing = (): UploadRefusal => new UploadRefusal(404, 'There is no such file or folder.');

export const folderNotEmpty = (): UploadRefusal =>
  new UploadRefusal(409, 'The folder is not empty. Files that are not shown count as well.');

/** The errors of the file system and the server's own limit, as a client can understand them; by code. */
const REFUSALS: Record<string, readonly [status: number, message: string]> = {
  // RFC 4918 §11.5: the server is unable to store the file.
  ENOSPC: [507, 'There is no room left for the file.'],
  EDQUOT: [507, 'There is no room left for the file.'],
  // RFC 9110 §15.5.14: larger than the server is able to process, or than the file system can hold.
  EFBIG: [413, 'The file is too large for this server.'],
  ERR_HTTP_CONTENT_TOO_LARGE: [413, 'The file is too large for this server.'],
  // Too many open files, in this process or in the whole system, for a moment.
  EMFILE: [503, 'The server is too busy. Try again in a moment.'],
  ENFILE: [503, 'The server is too busy. Try again in a moment.'],
  EACCES: [403, 'The server may not write here.'],
  EPERM: [403, 'The server may not write here.'],
  EROFS: [403, 'The server may not write here.'],
  // RFC 4918 §9.7.1: a PUT does not make the folders that lead to its target.
  ENOENT: [409, 'There is no such folder.'],
  ENOTDIR: [409, 'There is no such folder.'],
  ELOOP: [409, 'There is no such folder.'],
  // A file system is mounted there.
  EBUSY: [409, 'This is in use.'],
  EISDIR: [409, 'A folder has this name.'],
  // The limit of the file system may be lower than the 255 bytes that are checked before.
  ENAMETOOLONG: [400, 'The name is too long.'],
  EILSEQ: [400, 'The file system can not have a file of this name.'],
};

/** @returns `undefined` for an error that is not about the upload: a lost connection, or a fault. */
export function refusalFor(error: unknown): UploadRefusal | undefined {
  if (error instanceof UploadRefusal) return error;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string' || !Object.hasOwn(REFUSALS, code)) return undefined;
  const [status, message] = REFUSALS[code]!;
  return new UploadRefusal(status, message);
}
