import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  evaluatePreconditions,
  ifRangeHolds,
  type PreconditionResult,
  type Validators,
} from '../../src/semantics/preconditions.ts';

const BEFORE = 'Sun, 06 Nov 1994 08:49:36 GMT';
const MODIFIED = 'Sun, 06 Nov 1994 08:49:37 GMT';
const AFTER = 'Sun, 06 Nov 1994 08:49:38 GMT';
const MODIFIED_SECONDS = 784111777;

const strong: Validators = { etag: '"v1"', lastModified: MODIFIED_SECONDS, date: MODIFIED_SECONDS + 100 };
const weak: Validators = { ...strong, etag: 'W/"v1"' };
const dateOnly: Validators = { ...strong, etag: undefined };
const tagOnly: Validators = { ...strong, lastModified: undefined };
const bare: Validators = { ...strong, etag: undefined, lastModified: undefined };
const NOTHING = undefined;

type Fields = Record<string, string>;
type Case = [
  title: string,
  method: string,
  fields: Fields,
  current: Validators | undefined,
  PreconditionResult,
];

const IM = 'If-Match';
const INM = 'If-None-Match';
const IMS = 'If-Modified-Since';
const IUS = 'If-Unmodified-Since';

const cases: Case[] = [
  ['§13.1: without a precondition all goes on', 'GET', {}, strong, 'proceed'],

  ['§13.1.1: "*" is true when there is a representation', 'PUT', { [IM]: '*' }, bare, 'proceed'],
  ['§13.1.1: "*" is false when there is none', 'PUT', { [IM]: '*' }, NOTHING, 'failed'],
  ['§13.1.1: a tag that matches is true', 'PUT', { [IM]: '"v1"' }, strong, 'proceed'],
  ['§13.1.1: one tag of the list is enough', 'PUT', { [IM]: '"v0", W/"v1", "v1"' }, strong, 'proceed'],
  ['§13.1.1: no tag of the list is false', 'DELETE', { [IM]: '"v0", "v2"' }, strong, 'failed'],
  ['§13.1.1: a tag is false when there is no representation', 'PUT', { [IM]: '"v1"' }, NOTHING, 'failed'],
  ['§13.1.1: a tag is false when there is none to match', 'PUT', { [IM]: '"v1"' }, dateOnly, 'failed'],
  ['§13.1.1: the comparison is strong: weak in the field', 'PUT', { [IM]: 'W/"v1"' }, strong, 'failed'],
  ['§13.1.1: the comparison is strong: weak here', 'PUT', { [IM]: '"v1"' }, weak, 'failed'],
  ['§13.1.1: the comparison is strong: weak both', 'PUT', { [IM]: 'W/"v1"' }, weak, 'failed'],
  ['§13.1.1: it counts for GET too', 'GET', { [IM]: '"v0"' }, strong, 'failed'],
  ['§13.1.1: it counts for HEAD too', 'HEAD', { [IM]: '"v0"' }, strong, 'failed'],
  ['§13.1.1: it counts for methods nobody knows', 'FROB', { [IM]: '"v0"' }, strong, 'failed'],
  ['§13.1.1: an empty list is false', 'PUT', { [IM]: '' }, strong, 'failed'],
  ['§13.1.1: what is no tag matches nothing', 'PUT', { [IM]: 'v1' }, strong, 'failed'],
  ['§13.1.1: "*" in company is no "*"', 'PUT', { [IM]: '*, "v0"' }, strong, 'failed'],
  ['§13.1.1: a tag in company of "*" counts', 'PUT', { [IM]: '*, "v1"' }, strong, 'proceed'],

  ['§13.1.2: "*" is false when there is a representation', 'PUT', { [INM]: '*' }, bare, 'failed'],
  ['§13.1.2: "*" is true when there is none', 'PUT', { [INM]: '*' }, NOTHING, 'proceed'],
  ['§13.1.2: "*" on GET is 304', 'GET', { [INM]: '*' }, bare, 'not-modified'],
  ['§13.1.2: a tag that matches on GET is 304', 'GET', { [INM]: '"v1"' }, strong, 'not-modified'],
  ['§13.1.2: a tag that matches on HEAD is 304', 'HEAD', { [INM]: '"v1"' }, strong, 'not-modified'],
  ['§13.1.2: a tag that matches on others is 412', 'POST', { [INM]: '"v1"' }, strong, 'failed'],
  ['§13.1.2: methods are case-sensitive', 'get', { [INM]: '"v1"' }, strong, 'failed'],
  ['§13.1.2: one tag of the list is enough', 'GET', { [INM]: '"v0","v1","v2"' }, strong, 'not-modified'],
  ['§13.1.2: empty members are skipped', 'GET', { [INM]: ', ,"v1",' }, strong, 'not-modified'],
  ['§13.1.2: no tag of the list is true', 'GET', { [INM]: '"v0", "v2"' }, strong, 'proceed'],
  ['§13.1.2: tags are compared character by character', 'GET', { [INM]: '"V1"' }, strong, 'proceed'],
  ['§13.1.2: the comparison is weak: weak in the field', 'GET', { [INM]: 'W/"v1"' }, strong, 'not-modified'],
  ['§13.1.2: the comparison is weak: weak here', 'GET', { [INM]: '"v1"' }, weak, 'not-modified'],
  ['§13.1.2: a tag is true when there is none to match', 'GET', { [INM]: '"v1"' }, dateOnly, 'proceed'],
  ['§13.1.2: an empty list is true', 'GET', { [INM]: '' }, strong, 'proceed'],
  ['§13.1.2: what is no tag matches nothing', 'GET', { [INM]: 'v1, "v1' }, strong, 'proceed'],
  ['§13.1.2: "*" in company is no "*"', 'GET', { [INM]: '*, "v0"' }, strong, 'proceed'],

  ['§13.1.3: modified later is sent', 'GET', { [IMS]: BEFORE }, strong, 'proceed'],
  ['§13.1.3: modified at that very second is 304', 'GET', { [IMS]: MODIFIED }, strong, 'not-modified'],
  ['§13.1.3: modified earlier is 304', 'GET', { [IMS]: AFTER }, strong, 'not-modified'],
  ['§13.1.3: HEAD is asked likewise', 'HEAD', { [IMS]: MODIFIED }, dateOnly, 'not-modified'],
  ['§13.1.3: other methods ignore it', 'POST', { [IMS]: MODIFIED }, strong, 'proceed'],
  ['§13.1.3: other methods ignore it', 'PUT', { [IMS]: AFTER }, strong, 'proceed'],
  ['§13.1.3: a date that is none is ignored', 'GET', { [IMS]: 'yesterday' }, strong, 'proceed'],
  ['§13.1.3: an empty one is ignored', 'GET', { [IMS]: '' }, strong, 'proceed'],
  ['§13.1.3: two dates are ignored', 'GET', { [IMS]: `${MODIFIED}, ${MODIFIED}` }, strong, 'proceed'],
  ['§13.1.3: without a date to compare it is ignored', 'GET', { [IMS]: AFTER }, tagOnly, 'proceed'],
  [
    '§13.1.3: a date in the future is still a date',
    'GET',
    { [IMS]: 'Fri, 01 Jan 2100 00:00:00 GMT' },
    strong,
    'not-modified',
  ],
  [
    '§5.6.7: the RFC 850 form is a date',
    'GET',
    { [IMS]: 'Sunday, 06-Nov-94 08:49:37 GMT' },
    strong,
    'not-modified',
  ],
  [
    '§5.6.7: the asctime() form is a date',
    'GET',
    { [IMS]: 'Sun Nov  6 08:49:37 1994' },
    strong,
    'not-modified',
  ],
  [
    '§13.1.3: If-None-Match takes its place: it is true',
    'GET',
    { [INM]: '"v0"', [IMS]: AFTER },
    strong,
    'proceed',
  ],
  [
    '§13.1.3: If-None-Match takes its place: it is false',
    'GET',
    { [INM]: '"v1"', [IMS]: BEFORE },
    strong,
    'not-modified',
  ],
  [
    '§13.1.3: a malformed If-None-Match takes its place too',
    'GET',
    { [INM]: 'v1', [IMS]: AFTER },
    strong,
    'proceed',
  ],

  ['§13.1.4: modified later is 412', 'PUT', { [IUS]: BEFORE }, strong, 'failed'],
  ['§13.1.4: modified at that very second is done', 'PUT', { [IUS]: MODIFIED }, strong, 'proceed'],
  ['§13.1.4: modified earlier is done', 'PUT', { [IUS]: AFTER }, strong, 'proceed'],
  ['§13.1.4: it counts for GET too', 'GET', { [IUS]: BEFORE }, dateOnly, 'failed'],
  ['§13.1.4: a date that is none is ignored', 'PUT', { [IUS]: '0' }, strong, 'proceed'],
  ['§13.1.4: two dates are ignored', 'PUT', { [IUS]: `${BEFORE}, ${BEFORE}` }, strong, 'proceed'],
  ['§13.1.4: without a date to compare it is ignored', 'PUT', { [IUS]: BEFORE }, tagOnly, 'proceed'],
  ['§13.1.4: without a representation it is ignored', 'PUT', { [IUS]: BEFORE }, NOTHING, 'proceed'],
  [
    '§13.1.4: If-Match takes its place: it is true',
    'PUT',
    { [IM]: '"v1"', [IUS]: BEFORE },
    strong,
    'proceed',
  ],
  ['§13.1.4: If-Match takes its place: it is false', 'PUT', { [IM]: '"v0"', [IUS]: AFTER }, strong, 'failed'],

  ['§13.2.2: If-Match before If-None-Match', 'GET', { [IM]: '"v0"', [INM]: '"v1"' }, strong, 'failed'],
  ['§13.2.2: If-Match before If-None-Match', 'GET', { [IM]: '"v1"', [INM]: '"v1"' }, strong, 'not-modified'],
  ['§13.2.2: If-Match before If-Modified-Since', 'GET', { [IM]: '"v0"', [IMS]: AFTER }, strong, 'failed'],
  [
    '§13.2.2: If-Match, then If-Modified-Since',
    'GET',
    { [IM]: '"v1"', [IMS]: AFTER },
    strong,
    'not-modified',
  ],
  [
    '§13.2.2: If-Unmodified-Since before If-None-Match',
    'GET',
    { [IUS]: BEFORE, [INM]: '"v1"' },
    strong,
    'failed',
  ],
  [
    '§13.2.2: If-Unmodified-Since, then If-None-Match',
    'GET',
    { [IUS]: AFTER, [INM]: '"v1"' },
    strong,
    'not-modified',
  ],
  [
    '§13.2.2: If-Unmodified-Since before If-Modified-Since',
    'GET',
    { [IUS]: BEFORE, [IMS]: AFTER },
    strong,
    'failed',
  ],
  [
    '§13.2.2: all are true',
    'GET',
    { [IM]: '"v1"', [IUS]: BEFORE, [INM]: '"v0"', [IMS]: AFTER },
    strong,
    'proceed',
  ],

  ['§13.2.1: OPTIONS knows no preconditions', 'OPTIONS', { [IM]: '"v0"', [INM]: '*' }, strong, 'proceed'],
  ['§13.2.1: CONNECT knows no preconditions', 'CONNECT', { [IM]: '"v0"' }, NOTHING, 'proceed'],
  ['§13.2.1: TRACE knows no preconditions', 'TRACE', { [IUS]: BEFORE }, strong, 'proceed'],
  ['§13.2.1: a 404 goes before If-Match', 'GET', { [IM]: '"v1"' }, NOTHING, 'proceed'],
  ['§13.2.1: a 404 goes before If-Match', 'HEAD', { [IM]: '*' }, NOTHING, 'proceed'],
];

for (const [title, method, fields, current, result] of cases) {
  test(`RFC 9110 ${title}: ${method} ${JSON.stringify(fields)}`, () => {
    assert.equal(evaluatePreconditions(method, new Headers(fields), current), result);
  });
}

test('RFC 9110 §5.3: several lines of If-None-Match are one list', () => {
  const fields = new Headers([
    [INM, '"v0"'],
    [INM, '"v1"'],
  ]);
  assert.equal(evaluatePreconditions('GET', fields, strong), 'not-modified');
});

const ifRange: [title: string, value: string, current: Validators, holds: boolean][] = [
  ['§13.1.5: the same strong tag', '"v1"', strong, true],
  ['§13.1.5: another tag', '"v0"', strong, false],
  ['§13.1.5: a weak tag in the field', 'W/"v1"', strong, false],
  ['§13.1.5: a weak tag here', '"v1"', weak, false],
  ['§13.1.5: weak tags both', 'W/"v1"', weak, false],
  ['§13.1.5: a tag where there is none', '"v1"', dateOnly, false],
  ['§13.1.5: a list is no tag', '"v1", "v0"', strong, false],
  ['§13.1.5: a list is no tag', '"v0", "v1"', strong, false],
  ['§13.1.5: "*" is no tag', '*', strong, false],
  ['§13.1.5: a tag without quotes is no tag', 'v1', strong, false],
  ['§13.1.5: nothing', '', strong, false],
  ['§13.1.5: the same date', MODIFIED, strong, true],
  ['§13.1.5: the same date in another form', 'Sunday, 06-Nov-94 08:49:37 GMT', strong, true],
  ['§13.1.5: an earlier date', BEFORE, strong, false],
  ['§13.1.5: a later date is no exact match', AFTER, strong, false],
  ['§13.1.5: what is no date', 'Sun, 06 Nov 1994', strong, false],
  ['§13.1.5: a date where there is none', MODIFIED, tagOnly, false],
  [
    '§8.8.2.2: a date whose second is over is strong',
    MODIFIED,
    { ...strong, date: MODIFIED_SECONDS + 1 },
    true,
  ],
  [
    '§8.8.2.2: a date whose second is not over is weak',
    MODIFIED,
    { ...strong, date: MODIFIED_SECONDS },
    false,
  ],
  ['§8.8.2.2: a date in the future is weak', MODIFIED, { ...strong, date: MODIFIED_SECONDS - 5 }, false],
];

for (const [title, value, current, holds] of ifRange) {
  test(`RFC 9110 ${title} ${holds ? 'lets' : 'does not let'} the range count: ${JSON.stringify(value)}`, () => {
    assert.equal(ifRangeHolds(value, current), holds);
  });
}
