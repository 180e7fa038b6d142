/**
 * The raw cases every build must pass, as data: what is sent and what has to come of it. `raw-cases.test.ts` runs them.
 */
import { CHUNKED_CASES } from './raw-cases/chunked.ts';
import { FIELD_CASES } from './raw-cases/fields.ts';
import { FRAMING_CASES } from './raw-cases/framing.ts';
import { HOST_CASES } from './raw-cases/host.ts';
import { LINE_CASES } from './raw-cases/lines.ts';
import type { RawCase } from './raw-cases/raw-case.ts';
import { REQUEST_LINE_CASES } from './raw-cases/request-line.ts';

export const RAW_CASES: readonly RawCase[] = [
  ...LINE_CASES,
  ...REQUEST_LINE_CASES,
  ...HOST_CASES,
  ...FIELD_CASES,
  ...FRAMING_CASES,
  ...CHUNKED_CASES,
];
