/** A folder as a web site, with all settings of `serval.json`. */

import { type FilesOptions, files } from '../files/index.ts';
import type { UploadOptions } from '../files/uploads/options.ts';
import { uploads } from '../files/uploads/uploads.ts';
import { refusal } from '../options/checks.ts';
import type { FetchFunction } from '../server/api.ts';
import { basicAuth } from './access/basic-auth.ts';
import { cors } from './access/cors.ts';
import { parseByteSize } from './config/byte-size.ts';
import { isReservedPath, type ReservedPaths } from './config/reserved-paths.ts';
import type { SiteConfig } from './config/site-config.ts';
import { headerRules } from './rules/header-rules.ts';
import { redirects } from './rules/redirects.ts';

/**
 * A handler for the files below `root`. Its layers, from the outside in: CORS, header rules, authentication, redirects,
 * uploads, files. CORS comes first because preflights carry no credentials, and so that scripts can read a 401. Header rules
 * apply to every response, the refusals of the other layers included.
 *
 * @param config its `root` is ignored.
 * @param reservedPaths what clients can neither read nor write: the config file, private keys.
 * @throws {TypeError} for an invalid setting.
 * @throws {RangeError} for a value that is out of range.
 */
export function site(
  root: string,
  config: SiteConfig = {},
  reservedPaths: ReservedPaths = {},
): FetchFunction {
  const reserved = { isReserved: isReservedPath(reservedPaths) };
  const served = filesOptions(config);
  let handler: FetchFunction = files(root, { ...served, ...reserved });
  if (config.upload) {
    // `app.js.br` can be uploaded beside `app.js`: it is sent only where the config asks for both.
    handler = uploads(root, handler, {
      ...uploadOptions(config),
      ...reserved,
      files: { ...served, precompressed: false },
    });
  }
  handler = redirects(config.redirects ?? [], handler);
  if (config.auth !== undefined) handler = basicAuth(config.auth, handler);
  handler = headerRules(config.headers ?? [], handler, config.index || undefined);
  if (config.cors) handler = cors(config.cors === true ? {} : config.cors, handler);
  return handler;
}

function filesOptions(config: SiteConfig): FilesOptions {
  const options: FilesOptions = {};
  for (const name of ['index', 'spa', 'cleanUrls', 'notFound', 'listing', 'dotfiles', 'symlinks'] as const) {
    if (config[name] !== undefined) Object.assign(options, { [name]: config[name] });
  }
  for (const name of ['cacheControl', 'mediaTypes', 'compress', 'precompressed'] as const) {
    if (config[name] !== undefined) Object.assign(options, { [name]: config[name] });
  }
  options.isPrivate = config.auth !== undefined;
  if (config.upload) {
    const { overwrite = false, delete: removes = false } =
      typeof config.upload === 'object' ? config.upload : {};
    options.uploads = { overwrite, delete: removes };
    // Otherwise an upload of `app.js.br`, which replaces no file, would be sent in place of `app.js`.
    options.precompressed ??= false;
  }
  return options;
}

/** @throws {RangeError} for an invalid size. */
function uploadOptions({ upload, dotfiles = false }: SiteConfig): UploadOptions {
  const { overwrite = false, delete: removes = false, maxSize } = typeof upload === 'object' ? upload : {};
  const maxFileSize = maxSize === undefined ? undefined : parseByteSize(maxSize);
  if (maxSize !== undefined && maxFileSize === undefined) {
    throw new RangeError(refusal('upload.maxSize', 'a size of at least 1 byte, such as 500MB', maxSize));
  }
  return {
    overwrite,
    delete: removes,
    dotfiles,
    ...(maxFileSize !== undefined && { maxFileSize }),
  };
}
