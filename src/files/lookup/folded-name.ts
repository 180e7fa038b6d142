/**
 * A name in a form that is the same for all spellings that some file system takes for one name. It is coarser than any of
 * them: they fold letters (`ſ` is `s` and the Kelvin sign is `k` to ext4), normalise, leave out what is invisible, or drop dots
 * and spaces at the end (Windows).
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
