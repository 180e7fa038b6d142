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
 * Octets from `500`, `64K`, `1.5 GiB`, `100MB`: K, M and G alone count in 1024, as with curl and nginx.
 *
 * @returns `undefined` for anything else, and for less than one octet.
 */
export function parseOctetSize(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,15}(?:\.\d{1,9})?) ?([A-Za-z]{0,3})$/.exec(text) ?? [];
  if (digits === undefined || !Object.hasOwn(UNITS, unit.toLowerCase())) return undefined;
  const octets = Math.floor(Number(digits) * UNITS[unit.toLowerCase()]!);
  return octets >= 1 && Number.isSafeInteger(octets) ? octets : undefined;
}
