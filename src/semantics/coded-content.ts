/**
 * Fields, besides Content-Encoding, that describe content in the coding that it has. They are no longer true when that coding is
 * applied or undone.
 */
export const ABOUT_CODED_CONTENT: ReadonlySet<string> = new Set([
  // RFC 9110 §8.6.
  'content-length',
  // RFC 9110 §14.3: ranges are ranges of the coded representation.
  'accept-ranges',
  'content-md5',
  'digest',
  // RFC 9530 §2, §3: both digests are of the coded content.
  'content-digest',
  'repr-digest',
]);
