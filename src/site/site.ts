/** A folder as a web site, with everything that `serval.json` can say about it. */

import { type FilesOptions, files } from '../files/index.ts';
import { isNamedAfterItsContent } from '../files/resource/cache-control.ts';
import type { UploadOptions } from '../files/uploads/options.ts';
import { uploads } from '../files/uploads/uploads.ts';
import type { FetchFunction } from '../server/api.ts';
import { basicAuth } from './basic-auth.ts';
import type { SiteConfig } from './config.ts';
import { isConfigFile } from './config-file.ts';
import { cors } from './cors.ts';
import { headerRules } from './header-rules.ts';
import { parseOctetSize } from './octet-size.ts';
import { redirects } from './redirects.ts';

/**
 * A handler for the files below `root`. From the outside in: CORS, since preflights come without credentials and a script
 * should see that it lacks them; who may come in; where things have moved; fields; uploads; files.
 *
 * @param config its `root` is not looked at.
 * @param configFile a file that is neither served nor written to, whether it exists or not.
 * @throws {TypeError} for settings that can't be kept.
 * @throws {RangeError} for a value that is out of range.
 */
export function site(root: string, config: SiteConfig = {}, configFile?: string): FetchFunction {
  const reserved = configFile === undefined ? {} : { isReserved: isConfigFile(configFile) };
  let handler: FetchFunction = files(root, { ...filesOptions(config), ...reserved });
  if (config.upload) handler = uploads(root, { ...uploadOptions(config), ...reserved }, handler);
  handler = headerRules(config.headers ?? [], handler);
  handler = redirects(config.redirects ?? [], handler);
  if (config.auth !== undefined) handler = basicAuth(config.auth, handler);
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
  if (config.auth !== undefined && config.cacheControl === undefined) options.cacheControl = unshared;
  if (config.upload) {
    options.uploads = true;
    // Else an upload of `app.js.br`, which replaces nothing, would be sent in place of `app.js`.
    options.precompressed ??= false;
  }
  return options;
}

/** @throws {RangeError} for a size that is none. */
function uploadOptions({ upload, dotfiles = false }: SiteConfig): UploadOptions {
  const { overwrite = false, maxSize } = typeof upload === 'object' ? upload : {};
  const maxFileSize = maxSize === undefined ? undefined : parseOctetSize(maxSize);
  if (maxSize !== undefined && maxFileSize === undefined) {
    throw new RangeError(`upload.maxSize: not a size: ${maxSize}`);
  }
  return {
    overwrite,
    dotfiles,
    ...(maxFileSize !== undefined && { maxFileSize }),
  };
}

/** `public` would have a cache between here and there hand on what needs a password (RFC 9111 §3.5, §5.2.2.9). */
function unshared(path: string): string | undefined {
  return isNamedAfterItsContent(path) ? 'private, max-age=31536000, immutable' : undefined;
}
