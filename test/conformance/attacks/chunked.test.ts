/** Attacks on the chunked coding: sizes, extensions, line ends, trailers (RFC 9112 §7.1). */
import { testAttacks } from './attack-runner.ts';
import { CHUNK_LINE_ATTACKS } from './tables/chunk-lines.ts';
import { CHUNK_SIZE_ATTACKS } from './tables/chunk-sizes.ts';
import { TRAILER_ATTACKS } from './tables/trailers.ts';

await testAttacks('the chunked coding', [...CHUNK_SIZE_ATTACKS, ...CHUNK_LINE_ATTACKS, ...TRAILER_ATTACKS]);
