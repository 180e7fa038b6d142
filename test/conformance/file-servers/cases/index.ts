/** Everything that is asked, in the order of the table. */
import type { CaseGroup } from '../case.ts';
import { codings } from './codings.ts';
import { mediaTypes } from './media-types.ts';
import { methods } from './methods.ts';
import { hostilePaths, paths, redirects } from './paths.ts';
import { ifMatch, ifModifiedSince, ifNoneMatch } from './preconditions.ts';
import { conditionalRanges, severalRanges, singleRanges } from './ranges.ts';
import { validators } from './validators.ts';

export const CASES: readonly CaseGroup[] = [
  validators,
  ifNoneMatch,
  ifModifiedSince,
  ifMatch,
  singleRanges,
  severalRanges,
  conditionalRanges,
  codings,
  paths,
  hostilePaths,
  redirects,
  methods,
  mediaTypes,
];
