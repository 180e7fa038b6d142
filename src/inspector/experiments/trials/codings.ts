/** The same resource in several codings, by Accept-Encoding (RFC 9110 §12.5.3). */
import * as zlib from 'node:zlib';
import { type Answer, fieldOf, statusOf } from '../client/answer.ts';
import { type Bench, type Experiment, plural, requestHead, says } from '../experiment.ts';
import { closingOf, lackOf } from './persistence.ts';

const CODINGS = ['identity', 'gzip', 'br', 'zstd'];
const MOST_DECODED = 8 * 1024 * 1024;

export const codings: Experiment = {
  ...{ name: 'codings', group: 'Content', title: 'gzip, br and zstd' },
  summary: 'One path, four times.',
  async run(bench) {
    const answers = await askForEach(bench);
    const [plain, ...others] = answers;
    const lack = lackOf(plain!);
    if (lack !== undefined) return [lack];
    const sizes = answers.map((answer, i) => {
      const used = fieldOf(answer, 'content-encoding') || 'no coding';
      const asked = CODINGS[i]!;
      const name =
        used === asked || (asked === 'identity' && used === 'no coding') ? asked : `${asked} (got ${used})`;
      return `${name} ${plural(answer.contentLength, 'octet')}`;
    });
    const coded = others.filter((answer) => fieldOf(answer, 'content-encoding') !== '');
    const table = says(`Sizes: ${sizes.join(', ')}.`, 'RFC 9110 §8.4.1');
    if (coded.length === 0) return [table, ...unchanged(plain!, bench)];
    const vary = fieldOf(coded[0], 'vary');
    return [
      says(
        'Accept-Encoding lists what the client can decode. Content-Encoding says what the server chose.',
        'RFC 9110 §12.5.3',
      ),
      table,
      verified(plain!, coded),
      /accept-encoding|\*/i.test(vary)
        ? says(
            'Vary: Accept-Encoding keeps caches from giving one of them to a client that asked for another.',
            'RFC 9110 §12.5.5',
          )
        : says(
            'Vary does not name Accept-Encoding: a cache could give one of them to a client that cannot decode it.',
            'RFC 9110 §12.5.5',
          ),
      tags(plain!, coded),
    ];
  },
};

/** On one connection, as long as it persists. */
async function askForEach(bench: Bench): Promise<Answer[]> {
  const answers: Answer[] = [];
  let client = await bench.openHttp1();
  for (const coding of CODINGS) {
    if (answers.at(-1)?.persists === false) client = await bench.openHttp1();
    client.send(requestHead(bench, [`Accept-Encoding: ${coding}`]));
    const answer = await client.answer();
    answers.push(answer);
    if (bench.signal.aborted) break;
  }
  return answers;
}

function unchanged(plain: Answer, { path }: Bench) {
  const status = statusOf(plain);
  const type = fieldOf(plain, 'content-type').split(';')[0];
  const why =
    status !== 200
      ? `Small answers like this ${status} are mostly sent as they are.`
      : plain.contentLength < 1_024
        ? 'So little content would hardly become smaller.'
        : /^(?:image|video|audio)\//.test(type ?? '') || type === 'application/zip'
          ? `${type} is compressed already.`
          : 'The application may not compress at all: a server does not have to.';
  return [
    says(
      `${path} came without a coding every time. Accept-Encoding is a wish, not an order.`,
      'RFC 9110 §12.5.3',
    ),
    says(why),
    says('Try another path, such as a text file of some kilobytes; with serval demo, /websocket.'),
    ...(plain.persists ? [] : [closingOf(plain)]),
  ];
}

/** Whether each of them decodes to the same octets. */
function verified(plain: Answer, coded: readonly Answer[]) {
  const expected = Buffer.concat(plain.content);
  const results = coded.map((answer) => decoded(answer));
  const isWhole = expected.length === plain.contentLength;
  const known = results.filter((result) => result !== undefined);
  if (!isWhole || known.length === 0)
    return says(
      'The content was too long, or its coding too new, for this client to decode.',
      'RFC 9110 §8.4',
    );
  if (known.every((result) => result.equals(expected)))
    return says(
      `The client decoded ${known.length === 1 ? 'it' : known.length === 2 ? 'both' : `all ${known.length}`} to the same ${plural(expected.length, 'octet')}: a coding loses nothing.`,
      'RFC 9110 §8.4',
    );
  return says(
    'Decoded, they are not the same octets: the content changes from one response to the next.',
    'RFC 9110 §8.4',
  );
}

/** `undefined` for what this runtime can't decode. */
function decoded(answer: Answer): Buffer | undefined {
  const octets = Buffer.concat(answer.content);
  const most = { maxOutputLength: MOST_DECODED };
  try {
    switch (fieldOf(answer, 'content-encoding')) {
      case 'gzip':
        return zlib.gunzipSync(octets, most);
      case 'br':
        return zlib.brotliDecompressSync(octets, most);
      case 'zstd':
        return (zlib as { zstdDecompressSync?: typeof zlib.gunzipSync }).zstdDecompressSync?.(octets, most);
      default:
        return octets;
    }
  } catch {
    return undefined;
  }
}

function tags(plain: Answer, coded: readonly Answer[]) {
  const [one, other] = [fieldOf(plain, 'etag'), fieldOf(coded[0], 'etag')];
  if (one === '' || other === '')
    return says(
      'All of them are the same resource in another form: one path, several representations.',
      'RFC 9110 §3.2',
    );
  if (one === other && !one.startsWith('W/'))
    return says(
      'They share one strong ETag, although their octets differ: caches may mix them up.',
      'RFC 9110 §8.8.3.3',
    );
  return says(
    `ETag is ${one} without coding, and ${other} with ${fieldOf(coded[0], 'content-encoding')}: caches can tell them apart.`,
    'RFC 9110 §8.8.3.3',
  );
}
