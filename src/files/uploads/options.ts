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

const DEFAULTS: Required<UploadOptions> = {
  maxFileSize: 2 ** 30,
  overwrite: false,
  dotfiles: false,
  isReserved: () => false,
};

/**
 * Fills in what is missing.
 *
 * @throws {TypeError | RangeError} naming the option and the value.
 */
export function uploadSettings(options: UploadOptions): Required<UploadOptions> {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`uploads: not an object: ${options}`);
  const settings = { ...DEFAULTS };
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(DEFAULTS, name)) throw new TypeError(`uploads.${name}: there is no such option`);
    if (value === undefined) continue;
    const type = typeof DEFAULTS[name as keyof UploadOptions];
    if (typeof value !== type) throw new TypeError(`uploads.${name}: not a ${type}: ${String(value)}`);
    Object.assign(settings, { [name]: value });
  }
  const { maxFileSize } = settings;
  if (!Number.isSafeInteger(maxFileSize) || maxFileSize < 0) {
    throw new RangeError(`uploads.maxFileSize: not a number of octets: ${maxFileSize}`);
  }
  return settings;
}
