/**
 * A form that is the same for all names that some file system takes for one name. It is coarser than each of them: they
 * fold letters (ext4 takes `ſ` for `s` and the Kelvin sign for `k`), normalise, ignore invisible characters, or drop dots and
 * spaces at the end (Windows).
 */
export function foldedName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[. ]+$/, '');
}
