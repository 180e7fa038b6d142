/** All classes of cases, in order. */
import type { CaseClass } from './case-class.ts';
import { CLOSING_CLASSES } from './closing.ts';
import { DEFLATE_CLASSES } from './deflate.ts';
import { FRAME_CLASSES } from './frames.ts';
import { SIZE_CLASSES } from './sizes.ts';
import { TEXT_CLASSES } from './text.ts';

export const CASE_CLASSES: readonly CaseClass[] = [
  ...FRAME_CLASSES,
  ...TEXT_CLASSES,
  ...CLOSING_CLASSES,
  ...SIZE_CLASSES,
  ...DEFLATE_CLASSES,
];
