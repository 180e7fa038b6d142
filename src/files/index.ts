/** `serval/files`: a folder as a web site, and uploads to it, as handlers. */

export { type FilesHandler, files } from './files.ts';
export type { FilesOptions, UploadForm } from './options.ts';
export type { UploadOptions } from './uploads/options.ts';
export { uploads } from './uploads/uploads.ts';
