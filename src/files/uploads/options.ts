import { checkInteger, checkObject, checkType } from '../../options/checks.ts';
import { type FilesOptions, type FilesSettings, type IsReserved, settingsFor } from '../options.ts';

/** The options of {@link uploads}. */
export interface UploadOptions {
  /** The largest file, in bytes. A larger one is answered 413. @default 1_073_741_824 */
  maxFileSize?: number;
  /** Whether an upload may replace a file. Otherwise it is answered 409. @default false */
  overwrite?: boolean;
  /** Whether clients may delete files and empty folders. Otherwise DELETE is answered 405. @default false */
  delete?: boolean;
  /** Whether names may begin with a dot. By default, not even `.well-known` can be written to. @default false */
  dotfiles?: boolean;
  /** Which paths can't be written to: 403. @default none */
  isReserved?: IsReserved;
  /**
   * The options of the {@link files} that serve the folder. Without `overwrite`, a file is refused whose name would change what
   * another path of the site answers.
   *
   * @default {}
   */
  files?: FilesOptions;
}

export interface UploadSettings extends Readonly<Required<Omit<UploadOptions, 'files'>>> {
  readonly files: FilesSettings;
}

const NAMES: readonly string[] = ['maxFileSize', 'overwrite', 'delete', 'dotfiles', 'isReserved', 'files'];
const DEFAULT_MAX_FILE_SIZE = 2 ** 30;

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {TypeError | RangeError} naming the option and the value.
 */
export function uploadSettings(options: UploadOptions): UploadSettings {
  checkObject('options', options);
  for (const name of Object.keys(options)) {
    if (!NAMES.includes(name)) throw new TypeError(`options.${name}: there is no such option`);
  }
  const { maxFileSize, overwrite, dotfiles, isReserved, files } = options;
  checkInteger('options.maxFileSize', maxFileSize, 0, Number.MAX_SAFE_INTEGER);
  checkType('options.overwrite', overwrite, 'boolean');
  checkType('options.delete', options.delete, 'boolean');
  checkType('options.dotfiles', dotfiles, 'boolean');
  checkType('options.isReserved', isReserved, 'function');
  return {
    maxFileSize: maxFileSize ?? DEFAULT_MAX_FILE_SIZE,
    overwrite: overwrite ?? false,
    delete: options.delete ?? false,
    dotfiles: dotfiles ?? false,
    isReserved: isReserved ?? (() => false),
    files: settingsFor(files ?? {}),
  };
}
