const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kib: 1024,
  kb: 1000,
  m: 1024 ** 2,
  mib: 1024 ** 2,
  mb: 1000 ** 2,
  g: 1024 ** 3,
  gib: 1024 ** 3,
  gb: 1000 ** 3,
};

/**
 * Reads `500`, `64K`, `1.5 GiB` or `100MB` as bytes. K, M and G alone are powers of 1024, as in curl and nginx.
 *
 * @returns `undefined` for any other text, and for less than one byte.
 */
export function parseByteSize(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,15}(?:\.\d{1,9})?) ?([A-Za-z]{0,3})$/.exec(text) ?? [];
  if (digits === undefined || !Object.hasOwn(UNITS, unit.toLowerCase())) return undefined;
  const bytes = Math.floor(Number(digits) * UNITS[unit.toLowerCase()]!);
  return bytes >= 1 && Number.isSafeInteger(bytes) ? bytes : undefined;
}
