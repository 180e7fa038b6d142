/** The reasons for which a well-formed HTTP/2 request is refused: those of every version, and its own. */
import { rejectionRow, rejectionsOf } from '../octets/rejection.ts';
import { REQUEST_REJECTIONS } from '../semantics/rejections.ts';

export const HTTP2_REJECTIONS = Object.freeze({
  ...REQUEST_REJECTIONS,
  ...rejectionsOf({
    TargetTooLong: rejectionRow(414, 'RFC 9110 §15.5.15', 'The request-target is too long.'),
    TrailerSectionTooLarge: rejectionRow(431, 'RFC 6585 §5', 'The trailer section is too large.'),
  }),
});
