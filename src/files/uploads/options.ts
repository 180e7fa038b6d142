import { checkInteger, checkObject, checkType } from '../../options/checks.ts';

export interface UploadOptions {
  /** The most octets of one file. Default: 1 GiB. Beyond: 413. */
  maxFileSize?: number;
  /** Whether an upload may replace a file. Default: false; it is answered 409 then. */
  overwrite?: boolean;
  /** Whether names may begin with a dot. Default: false, and not even `.well-known` may be written to. */
  dotfiles?: boolean;
  /** Whether a path, real but for its last name, is none that may be written to: 403. Default: never. */
  isReserved?: (path: string) => boolean;
}

export type UploadSettings = Readonly<Required<UploadOptions>>;

const DEFAULTS: UploadSettings = {
  maxFileSize: 2 ** 30,
  overwrite: false,
  dotfiles: false,
  isReserved: () => false,
};

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {TypeError | RangeError} naming the option and the value.
 */
export function uploadSettings(options: UploadOptions): UploadSettings {
  checkObject('options', options);
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(DEFAULTS, name)) throw new TypeError(`options.${name}: there is no such option`);
  }
  checkInteger('options.maxFileSize', options.maxFileSize, 0, Number.MAX_SAFE_INTEGER);
  checkType('options.overwrite', options.overwrite, 'boolean');
  checkType('options.dotfiles', options.dotfiles, 'boolean');
  checkType('options.isReserved', options.isReserved, 'function');
  const { maxFileSize, overwrite, dotfiles, isReserved } = options;
  return {
    maxFileSize: maxFileSize ?? DEFAULTS.maxFileSize,
    overwrite: overwrite ?? DEFAULTS.overwrite,
    dotfiles: dotfiles ?? DEFAULTS.dotfiles,
    isReserved: isReserved ?? DEFAULTS.isReserved,
  };
}
