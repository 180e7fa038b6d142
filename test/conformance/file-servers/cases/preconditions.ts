import { weakenEntityTag } from '../../../../src/semantics/entity-tag.ts';
import { serializeHttpDate } from '../../../../src/semantics/http-date.ts';
import type { Question } from '../ask.ts';
import { type Case, type CaseGroup, type Judge, oneRequest } from '../case.ts';
import type { Conversation } from '../conversation.ts';
import { SMALL } from '../fixture.ts';
import { framed, inShort, notModified, refused, status, whole } from '../judges.ts';

const OTHER = '"not-this-one"';
const LONG_AGO = 'Sun, 06 Nov 1994 08:49:37 GMT';
const DAY = 86_400_000;

const unchanged = notModified(SMALL);
const sent = whole(SMALL);

/** A GET of the small file with fields made of its validators. */
function given(
  rule: string,
  title: string,
  fields: (to: Conversation) => Promise<string[]>,
  judge: Judge,
  more: Partial<Question> = {},
): Case {
  return oneRequest(rule, title, async (to) => ({ target: SMALL, ...more, fields: await fields(to) }), judge);
}

const withTag =
  (...fields: ((tag: string) => string)[]) =>
  async (to: Conversation): Promise<string[]> => {
    const tag = await to.tag(SMALL);
    return fields.map((make) => make(tag));
  };

const withStrongTag =
  (...fields: ((tag: string) => string)[]) =>
  async (to: Conversation): Promise<string[]> => {
    const tag = await to.strongTag(SMALL);
    return fields.map((make) => make(tag));
  };

const withDate =
  (field: string, make: (date: Date) => string) =>
  async (to: Conversation): Promise<string[]> => [
    `${field}: ${make(new Date(await to.lastModified(SMALL)))}`,
  ];

const plain =
  (...fields: string[]) =>
  async (): Promise<string[]> =>
    fields;

/** The other of the two forms of a tag: strong for weak, weak for strong. */
const otherForm = (tag: string): string => (tag.startsWith('W/') ? tag.slice(2) : weakenEntityTag(tag));

const LONG_DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** RFC 9110 §5.6.7: `Sunday, 06-Nov-94 08:49:37 GMT`. */
function rfc850(date: Date): string {
  const [, day, month, year, time] = serializeHttpDate(date.getTime()).split(' ');
  return `${LONG_DAYS[date.getUTCDay()]}, ${day}-${month}-${year?.slice(2)} ${time} GMT`;
}

/** RFC 9110 §5.6.7: `Sun Nov  6 08:49:37 1994`. */
function asctime(date: Date): string {
  const [weekday, , month, year, time] = serializeHttpDate(date.getTime()).split(' ');
  return `${weekday?.slice(0, 3)} ${month} ${String(date.getUTCDate()).padStart(2)} ${time} ${year}`;
}

/** RFC 9110 §15.4.5. */
const KEPT_IN_304 = ['cache-control', 'content-location', 'etag', 'expires', 'vary'];

const keepsItsFields: Judge = async (answer, to) => {
  if (answer.status !== 304) return inShort(answer);
  const full = await to.known(SMALL);
  const lacking = KEPT_IN_304.filter(
    (name) => full.field(name) !== undefined && answer.field(name) === undefined,
  );
  return lacking.length === 0 ? undefined : `304 without ${lacking.join(', ')}`;
};

export const ifNoneMatch: CaseGroup = {
  title: 'If-None-Match',
  cases: [
    given(
      'MUST RFC 9110 §13.1.2',
      'the current tag: 304',
      withTag((tag) => `If-None-Match: ${tag}`),
      unchanged,
    ),
    given(
      'MUST RFC 9110 §15.4.5',
      'the 304 has the ETag, Cache-Control, Expires and Vary of the 200',
      withTag(
        (tag) => `If-None-Match: ${tag}`,
        () => 'Accept-Encoding:',
      ),
      keepsItsFields,
    ),
    given(
      'MUST RFC 9110 §13.1.2',
      'HEAD with the current tag: 304',
      withTag((tag) => `If-None-Match: ${tag}`),
      unchanged,
      { method: 'HEAD' },
    ),
    given(
      'MUST RFC 9110 §13.1.2',
      'compared weakly: the other form of the tag, `W/` or not: 304',
      withTag((tag) => `If-None-Match: ${otherForm(tag)}`),
      unchanged,
    ),
    given(
      'MUST RFC 9110 §13.1.2',
      'the current tag among others: 304',
      withTag((tag) => `If-None-Match: ${OTHER}, ${tag}, "xyzzy"`),
      unchanged,
    ),
    given(
      'MUST RFC 9110 §5.6.1.2',
      'empty members and no blanks in the list: 304',
      withTag((tag) => `If-None-Match: ,${OTHER},,${tag},`),
      unchanged,
    ),
    given(
      'MUST RFC 9110 §5.2',
      'the list in two lines: 304',
      withTag(
        () => `If-None-Match: ${OTHER}`,
        (tag) => `If-None-Match: ${tag}`,
      ),
      unchanged,
    ),
    given(
      'MUST RFC 9110 §8.8.3',
      'behind a tag that holds a comma: 304',
      withTag((tag) => `If-None-Match: "a,b", ${tag}`),
      unchanged,
    ),
    given('MUST RFC 9110 §13.1.2', '`*`: 304', plain('If-None-Match: *'), unchanged),
    given('MUST RFC 9110 §13.1.2', 'another tag: 200', plain(`If-None-Match: ${OTHER}`), sent),
    given(
      'MUST RFC 9110 §8.8.3.2',
      'a tag that only holds the current one: 200',
      withTag((tag) => `If-None-Match: ${tag.slice(0, -1)}x"`),
      sent,
    ),
    given(
      'MUST RFC 9110 §13.1.3',
      'another tag, and not modified since: 200',
      plain(`If-None-Match: ${OTHER}`, `If-Modified-Since: ${serializeHttpDate(Date.now())}`),
      sent,
    ),
    given(
      'MUST RFC 9110 §13.2.2',
      'the current tag, and modified since: 304',
      withTag(
        (tag) => `If-None-Match: ${tag}`,
        () => `If-Modified-Since: ${LONG_AGO}`,
      ),
      unchanged,
    ),
    oneRequest(
      'MUST RFC 9110 §13.2.1',
      '`*` on what is not there: 404',
      { target: '/missing.txt', fields: ['If-None-Match: *'] },
      status(404, 410),
    ),
  ],
};

export const ifModifiedSince: CaseGroup = {
  title: 'If-Modified-Since',
  cases: [
    given(
      'SHOULD RFC 9110 §13.1.3',
      'the date of Last-Modified: 304',
      withDate('If-Modified-Since', (date) => date.toUTCString()),
      unchanged,
    ),
    given(
      'MUST RFC 9110 §5.6.7',
      'the same in the RFC 850 form: 304',
      withDate('If-Modified-Since', rfc850),
      unchanged,
    ),
    given(
      'MUST RFC 9110 §5.6.7',
      'the same in the asctime form: 304',
      withDate('If-Modified-Since', asctime),
      unchanged,
    ),
    given(
      'MUST RFC 9110 §13.2.2',
      'an earlier date: 200',
      withDate('If-Modified-Since', (date) => serializeHttpDate(date.getTime() - DAY)),
      sent,
    ),
    given('MUST RFC 9110 §13.1.3', 'no date: 200', plain('If-Modified-Since: last Tuesday'), sent),
    given(
      'MUST RFC 9110 §13.1.3',
      'a date in two lines: 200, or 400',
      withDate(
        'If-Modified-Since',
        (date) => `${date.toUTCString()}\r\nIf-Modified-Since: ${date.toUTCString()}`,
      ),
      (answer, to) => (answer.status === 400 ? framed(answer) : sent(answer, to)),
    ),
    given(
      'MUST RFC 9110 §13.2.1',
      'OPTIONS knows no preconditions',
      withDate('If-Modified-Since', (date) => date.toUTCString()),
      (answer) =>
        [304, 412].includes(answer.status) || answer.status >= 500 ? inShort(answer) : framed(answer),
      { method: 'OPTIONS' },
    ),
  ],
};

export const ifMatch: CaseGroup = {
  title: 'If-Match and If-Unmodified-Since',
  cases: [
    given(
      'MUST RFC 9110 §13.1.1',
      'the current strong tag: 200',
      withStrongTag((tag) => `If-Match: ${tag}`),
      sent,
    ),
    given(
      'MUST RFC 9110 §13.1.1',
      'the current strong tag among others: 200',
      withStrongTag((tag) => `If-Match: ${OTHER}, ${tag}`),
      sent,
    ),
    given('MUST RFC 9110 §13.1.1', 'another tag: 412', plain(`If-Match: ${OTHER}`), refused),
    given('MUST RFC 9110 §13.1.1', 'another tag, to HEAD: 412', plain(`If-Match: ${OTHER}`), refused, {
      method: 'HEAD',
    }),
    given('MUST RFC 9110 §13.1.1', '`*`: 200', plain('If-Match: *'), sent),
    given(
      'MUST RFC 9110 §13.1.1',
      'compared strongly: the weak form of the tag: 412',
      withTag((tag) => `If-Match: ${weakenEntityTag(tag)}`),
      refused,
    ),
    given(
      'MUST RFC 9110 §13.2.2',
      'another tag, before If-None-Match with the current one: 412',
      withTag(
        () => `If-Match: ${OTHER}`,
        (tag) => `If-None-Match: ${tag}`,
      ),
      refused,
    ),
    given(
      'MUST RFC 9110 §13.1.4',
      'If-Unmodified-Since, an earlier date: 412',
      plain(`If-Unmodified-Since: ${LONG_AGO}`),
      refused,
    ),
    given(
      'MUST RFC 9110 §13.2.2',
      'If-Unmodified-Since, the date of Last-Modified: 200',
      withDate('If-Unmodified-Since', (date) => date.toUTCString()),
      sent,
    ),
    given(
      'MUST RFC 9110 §13.1.4',
      'If-Unmodified-Since, no date: 200',
      plain('If-Unmodified-Since: 0'),
      sent,
    ),
    given(
      'MUST RFC 9110 §13.1.4',
      'If-Match is true, If-Unmodified-Since is not: 200',
      plain('If-Match: *', `If-Unmodified-Since: ${LONG_AGO}`),
      sent,
    ),
    oneRequest(
      'MUST RFC 9110 §13.2.1',
      'If-Match on what is not there: 404',
      { target: '/missing.txt', fields: [`If-Match: ${OTHER}`] },
      status(404, 410),
    ),
  ],
};
