/** Request smuggling: two programs that read the same octets and see different requests (RFC 9112 §11.2). */
import { testAttacks } from './attack-runner.ts';
import { EARLY_ANSWER_ATTACKS } from './tables/early-answers.ts';
import { LENGTH_ATTACKS } from './tables/lengths.ts';
import { TRANSFER_ENCODING_ATTACKS } from './tables/transfer-encodings.ts';

await testAttacks('request smuggling', [
  ...LENGTH_ATTACKS,
  ...TRANSFER_ENCODING_ATTACKS,
  ...EARLY_ANSWER_ATTACKS,
]);
