import { weakenEntityTag } from '../../../../src/semantics/entity-tag.ts';
import { serializeHttpDate } from '../../../../src/semantics/http-date.ts';
import { type Case, type CaseGroup, type Judge, oneRequest } from '../case.ts';
import { type Conversation, NotAsked } from '../conversation.ts';
import { EMPTY, LARGE, octetsOf } from '../fixture.ts';
import { framed, inShort, notModified, refused, status, whole } from '../judges.ts';
import { readMultipart } from '../multipart.ts';
import { ignoredOrRejected, isMultipart, part, parts, unsatisfiable } from '../range-judges.ts';

const LAST = octetsOf(LARGE).length - 1;
const HUGE = '9'.repeat(30);

function range(rule: string, value: string, title: string, judge: Judge): Case {
  return oneRequest(rule, `\`${value}\`: ${title}`, { target: LARGE, fields: [`Range: ${value}`] }, judge);
}

/** RFC 9110 §15.3.7. */
const KEPT_IN_206 = ['cache-control', 'content-location', 'etag', 'expires', 'vary'];

/** And these if there was no If-Range, since then the client may have nothing yet. */
const DESCRIBES_THE_REPRESENTATION = [
  'content-encoding',
  'content-language',
  'content-type',
  'last-modified',
];

const keepsItsFields: Judge = async (answer, to) => {
  if (answer.status === 200 && !(await to.supportsRanges(LARGE))) throw new NotAsked('it supports no ranges');
  if (answer.status !== 206) return inShort(answer);
  const full = await to.known(LARGE);
  const lacking = [...KEPT_IN_206, ...DESCRIBES_THE_REPRESENTATION].filter(
    (name) => full.field(name) !== undefined && answer.field(name) === undefined,
  );
  return lacking.length === 0 ? undefined : `206 without ${lacking.join(', ')}`;
};

export const singleRanges: CaseGroup = {
  title: 'One range',
  cases: [
    range('SHOULD RFC 9110 §14.2', 'bytes=0-99', 'the first 100 octets', part(LARGE, [0, 99])),
    range('SHOULD RFC 9110 §14.1.2', 'bytes=0-0', 'the first octet', part(LARGE, [0, 0])),
    range('SHOULD RFC 9110 §14.1.2', 'bytes=99900-', 'from there on', part(LARGE, [99_900, LAST])),
    range('SHOULD RFC 9110 §14.1.2', 'bytes=-100', 'the last 100 octets', part(LARGE, [LAST - 99, LAST])),
    range(
      'SHOULD RFC 9110 §14.1.2',
      'bytes=-100001',
      'longer than the file: all of it',
      part(LARGE, [0, LAST]),
    ),
    range('SHOULD RFC 9110 §14.1.2', 'bytes=99990-100010', 'up to the end', part(LARGE, [99_990, LAST])),
    range('MUST RFC 9110 §14.1.2', `bytes=99990-${HUGE}`, 'up to the end', part(LARGE, [99_990, LAST])),
    range('SHOULD RFC 9110 §14.1', 'BYTES=0-99', 'names of units are case-insensitive', part(LARGE, [0, 99])),
    range('SHOULD RFC 9110 §15.5.17', 'bytes=100000-', '416 with the length', unsatisfiable(LARGE)),
    range('MUST RFC 9110 §14.1.2', `bytes=${HUGE}-`, '416 with the length', unsatisfiable(LARGE)),
    range('SHOULD RFC 9110 §14.1.2', 'bytes=-0', '416 with the length', unsatisfiable(LARGE)),
    range('MAY RFC 9110 §14.2', 'bytes=5-4', 'invalid: ignored or rejected', ignoredOrRejected(LARGE)),
    range('MAY RFC 9110 §14.2', 'bytes=a-b', 'invalid: ignored or rejected', ignoredOrRejected(LARGE)),
    range('MAY RFC 9110 §14.2', 'bytes=1-2-3', 'invalid: ignored or rejected', ignoredOrRejected(LARGE)),
    range('MUST RFC 9110 §14.2', 'lines=0-99', 'an unknown unit is ignored', whole(LARGE)),
    oneRequest(
      'MUST RFC 9110 §14.2',
      'HEAD with a range: as without',
      { method: 'HEAD', target: LARGE, fields: ['Range: bytes=0-99'] },
      (answer) => {
        const length = answer.field('content-length');
        if (answer.status !== 200 || answer.field('content-range') !== undefined) return inShort(answer);
        if (length !== undefined && Number(length) !== LAST + 1) return `200 with Content-Length: ${length}`;
        return framed(answer);
      },
    ),
    oneRequest(
      'MUST RFC 9110 §15.3.7',
      'a 206 has the ETag, Cache-Control, Vary, Content-Type, Last-Modified of the 200',
      { target: LARGE, fields: ['Range: bytes=0-99', 'Accept-Encoding:'] },
      keepsItsFields,
    ),
    oneRequest(
      'MAY RFC 9110 §14.2',
      'of an empty file: 200 or 416',
      { target: EMPTY, fields: ['Range: bytes=0-'] },
      unsatisfiable(EMPTY),
    ),
    oneRequest(
      'MAY RFC 9110 §14.2',
      'the last octets of an empty file: 200 or 416',
      { target: EMPTY, fields: ['Range: bytes=-5'] },
      unsatisfiable(EMPTY),
    ),
    oneRequest(
      'MUST RFC 9110 §14.2',
      'of what is not there: 404',
      { target: '/missing.txt', fields: ['Range: bytes=0-99'] },
      status(404, 410),
    ),
  ],
};

const FAR_APART = [
  [0, 9],
  [50_000, 50_009],
] as const;

const inOrder: Judge = async (answer, to) => {
  const fault = await parts(LARGE, FAR_APART)(answer, to);
  if (fault !== undefined || !isMultipart(answer)) return fault;
  const read = readMultipart(answer.field('content-type') ?? '', answer.content);
  if (typeof read === 'string') return read;
  const starts = read.map(({ contentRange }) => Number(/\d+/.exec(contentRange ?? '')?.[0]));
  return starts.every((start, at) => at === 0 || start <= starts[at - 1]!)
    ? undefined
    : `206 in another order`;
};

const typedParts: Judge = async (answer, to) => {
  const fault = await parts(LARGE, FAR_APART)(answer, to);
  if (fault !== undefined || !isMultipart(answer)) return fault;
  const read = readMultipart(answer.field('content-type') ?? '', answer.content);
  if (typeof read === 'string') return read;
  const type = (await to.known(LARGE)).field('content-type');
  if (type === undefined) return undefined;
  const other = read.find(({ contentType }) => contentType !== type);
  return other === undefined ? undefined : `206 with parts of type ${other.contentType || '(none)'}`;
};

/** RFC 9110 §17.15: ignored, coalesced or rejected, so that it costs no more than the whole. */
const notAmplified: Judge = (answer, to) => {
  if (answer.content.length > 2 * (LAST + 1)) return `${answer.status} with ${answer.content.length} octets`;
  const obeyed = answer.status === 206 ? parts(LARGE, [[0, LAST]]) : ignoredOrRejected(LARGE);
  return obeyed(answer, to);
};

const overlapping = parts(LARGE, [[0, 149]]);

export const severalRanges: CaseGroup = {
  title: 'Several ranges',
  cases: [
    range(
      'MUST RFC 9110 §15.3.7.2',
      'bytes=0-9,50000-50009',
      'two parts, one, or the whole',
      parts(LARGE, FAR_APART),
    ),
    range('SHOULD RFC 9110 §15.3.7.2', 'bytes=50000-50009,0-9', 'in this order', inOrder),
    range('SHOULD RFC 9110 §15.3.7.2', 'bytes=0-9,50000-50009', 'each part has its Content-Type', typedParts),
    range(
      'MUST RFC 9110 §5.6.1.2',
      'bytes=,0-9 ,, 50000-50009,',
      'the same, written otherwise',
      parts(LARGE, FAR_APART),
    ),
    range(
      'MUST RFC 9110 §15.3.7',
      'bytes=0-0,-1',
      'the first and the last octet',
      parts(LARGE, [
        [0, 0],
        [LAST, LAST],
      ]),
    ),
    range('MAY RFC 9110 §15.3.7.2', 'bytes=0-99,50-149', 'overlapping: coalesced or not', overlapping),
    range('SHOULD RFC 9110 §14.1.1', 'bytes=0-9,200000-', 'one can be satisfied', parts(LARGE, [[0, 9]])),
    range('SHOULD RFC 9110 §15.5.17', 'bytes=200000-,300000-', 'none can: 416', unsatisfiable(LARGE)),
    range(
      'MAY RFC 9110 §14.2',
      'bytes=0-9,x',
      'one is invalid: ignored or rejected',
      ignoredOrRejected(LARGE),
    ),
    oneRequest(
      'expected RFC 9110 §17.15',
      '500 times the whole: no more than twice its octets',
      { target: LARGE, fields: [`Range: bytes=${Array.from({ length: 500 }, () => '0-').join(',')}`] },
      notAmplified,
    ),
  ],
};

/** The first hundred octets, on a condition. */
function ifRange(
  rule: string,
  title: string,
  condition: (to: Conversation) => Promise<string[]>,
  judge: Judge,
): Case {
  const question = async (to: Conversation) => ({
    target: LARGE,
    fields: ['Range: bytes=0-99', ...(await condition(to))],
  });
  return oneRequest(rule, title, question, judge);
}

const byDate =
  (difference: number) =>
  async (to: Conversation): Promise<string[]> => [
    `If-Range: ${serializeHttpDate((await to.lastModified(LARGE)) + difference)}`,
  ];

export const conditionalRanges: CaseGroup = {
  title: 'Ranges on a condition',
  cases: [
    ifRange(
      'SHOULD RFC 9110 §13.1.5',
      'If-Range, the current strong tag: 206',
      async (to) => [`If-Range: ${await to.strongTag(LARGE)}`],
      part(LARGE, [0, 99]),
    ),
    ifRange(
      'MUST RFC 9110 §13.1.5',
      'If-Range, another tag: 200',
      async () => ['If-Range: "other"'],
      whole(LARGE),
    ),
    ifRange(
      'MUST RFC 9110 §13.1.5',
      'If-Range, compared strongly: the weak form of the tag: 200',
      async (to) => [`If-Range: ${weakenEntityTag(await to.tag(LARGE))}`],
      whole(LARGE),
    ),
    ifRange('MUST RFC 9110 §13.1.5', 'If-Range, an earlier date: 200', byDate(-1000), whole(LARGE)),
    ifRange('MUST RFC 9110 §13.1.5', 'If-Range, a later date is no match: 200', byDate(1000), whole(LARGE)),
    ifRange(
      'MUST RFC 9110 §13.1.5',
      'If-Range, neither tag nor date: 200',
      async () => ['If-Range: other'],
      whole(LARGE),
    ),
    oneRequest(
      'MUST RFC 9110 §13.1.5',
      'If-Range, another tag, of several ranges: 200',
      { target: LARGE, fields: ['Range: bytes=0-9,50000-50009', 'If-Range: "other"'] },
      whole(LARGE),
    ),
    oneRequest(
      'MUST RFC 9110 §13.1.5',
      'If-Range without a range is ignored: 200',
      { target: LARGE, fields: ['If-Range: "other"'] },
      whole(LARGE),
    ),
    ifRange(
      'MUST RFC 9110 §14.2',
      'If-None-Match comes first: 304',
      async (to) => [`If-None-Match: ${await to.tag(LARGE)}`],
      notModified(LARGE),
    ),
    ifRange('MUST RFC 9110 §13.2.2', 'If-Match comes first: 412', async () => ['If-Match: "other"'], refused),
  ],
};
