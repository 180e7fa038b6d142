import { extname } from 'node:path';
import { mimes } from 'mrmime';
import { mediaTypeEssence } from '../../semantics/media-type.ts';

/** Types that the table of `mrmime` lacks, or has differently from what browsers and people expect. */
const BESIDES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    // Scripts and data of web sites.
    cjs: 'text/javascript',
    ico: 'image/vnd.microsoft.icon',
    cur: 'image/vnd.microsoft.icon',
    zst: 'application/zstd',
    br: 'application/octet-stream',
    usdz: 'model/vnd.usdz+zip',
    parquet: 'application/vnd.apache.parquet',
    ipynb: 'application/x-ipynb+json',
    // Video and sound, and playlists of them.
    m3u8: 'application/vnd.apple.mpegurl',
    m3u: 'audio/mpegurl',
    m4v: 'video/mp4',
    mkv: 'video/matroska',
    mk3d: 'video/matroska-3d',
    mka: 'audio/matroska',
    avi: 'video/vnd.avi',
    wmv: 'video/x-ms-wmv',
    flv: 'video/x-flv',
    flac: 'audio/flac',
    aif: 'audio/aiff',
    aiff: 'audio/aiff',
    wma: 'audio/x-ms-wma',
    srt: 'application/x-subrip',
    // Documents.
    doc: 'application/msword',
    xls: 'application/vnd.ms-excel',
    ppt: 'application/vnd.ms-powerpoint',
    docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    odt: 'application/vnd.oasis.opendocument.text',
    ods: 'application/vnd.oasis.opendocument.spreadsheet',
    odp: 'application/vnd.oasis.opendocument.presentation',
    odg: 'application/vnd.oasis.opendocument.graphics',
    vcf: 'text/vcard',
    psd: 'image/vnd.adobe.photoshop',
    eot: 'application/vnd.ms-fontobject',
    // Archives and packages.
    tar: 'application/x-tar',
    tgz: 'application/gzip',
    bz2: 'application/x-bzip2',
    xz: 'application/x-xz',
    lz: 'application/x-lzip',
    lzma: 'application/x-lzma',
    '7z': 'application/x-7z-compressed',
    rar: 'application/vnd.rar',
    apk: 'application/vnd.android.package-archive',
    rpm: 'application/x-rpm',
    torrent: 'application/x-bittorrent',
    sqlite: 'application/vnd.sqlite3',
    kml: 'application/vnd.google-earth.kml+xml',
    kmz: 'application/vnd.google-earth.kmz',
    // Keys and certificates.
    pem: 'application/x-pem-file',
    crt: 'application/x-x509-ca-cert',
    cer: 'application/pkix-cert',
    p12: 'application/x-pkcs12',
    // Source text, which browsers show instead of saving it.
    ...Object.fromEntries(
      'c cpp cs go h hpp java kt lua php pl py rb rs rst sh swift tsx vue zig'
        .split(' ')
        .map((extension) => [extension, 'text/plain']),
    ),
  }).map(([extension, type]) => [`.${extension}`, type]),
);

const NO_OVERRIDES: ReadonlyMap<string, string> = new Map();

/**
 * The Content-Type for a file name. Text, which includes scripts and style sheets, is declared to be UTF-8: without a charset,
 * browsers guess. JSON and XML state their encoding themselves (RFC 8259 §8.1, RFC 7303 §3: a charset would override that of
 * the document). A file of an unknown type is application/octet-stream.
 *
 * @param overrides by extension in lower case, with its dot. A type with parameters is used as it is.
 */
export function mediaType(name: string, overrides: ReadonlyMap<string, string> = NO_OVERRIDES): string {
  const extension = extname(name).toLowerCase();
  const type =
    overrides.get(extension) ?? BESIDES.get(extension) ?? known(extension) ?? 'application/octet-stream';
  return isTextWithoutCharset(type) ? `${type}; charset=utf-8` : type;
}

/** The table is a plain object, which has members that are no types: `constructor`, `__proto__`. */
function known(extension: string): string | undefined {
  const name = extension.slice(1);
  return Object.hasOwn(mimes, name) ? mimes[name] : undefined;
}

function isTextWithoutCharset(type: string): boolean {
  const essence = mediaTypeEssence(type) ?? '';
  return essence.startsWith('text/') && !/[/+]xml$/.test(essence) && !type.includes(';');
}
