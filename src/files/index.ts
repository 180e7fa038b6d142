/** `serval/files`: a folder as a web site, as a handler. */
export { files } from './files.ts';
export type { FilesOptions } from './options.ts';
