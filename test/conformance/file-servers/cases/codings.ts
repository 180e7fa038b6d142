import { weaklyMatches } from '../../../../src/semantics/entity-tag.ts';
import { listMembers } from '../../../../src/semantics/field-syntax.ts';
import { mediaTypeEssence } from '../../../../src/semantics/media-type.ts';
import type { Answer } from '../answer.ts';
import { type Case, type CaseGroup, type Fault, type Judge, oneRequest } from '../case.ts';
import { NotAsked } from '../conversation.ts';
import { octetsOf, SCRIPT, SHEET } from '../fixture.ts';
import { decoded, framed, inShort, sameOctets, wholeFault } from '../judges.ts';

const codingOf = (answer: Answer): string => answer.field('content-encoding')?.toLowerCase() ?? 'identity';

/** The file, coded in one of these ways or not at all. */
const codedAs =
  (target: string, ...codings: string[]): Judge =>
  (answer) =>
    [...codings, 'identity'].includes(codingOf(answer))
      ? wholeFault(answer, octetsOf(target))
      : `${inShort(answer)}, coded as ${codingOf(answer)}`;

function accepting(rule: string, value: string, title: string, target: string, judge: Judge): Case {
  return oneRequest(rule, title, { target, fields: [`Accept-Encoding: ${value}`] }, judge);
}

const variesBy = (answer: Answer): boolean => {
  const members = listMembers(answer.field('vary') ?? '').map((name) => name.toLowerCase());
  return members.includes('*') || members.includes('accept-encoding');
};

/** Two answers about a file that come in different codings. */
function whereCoded(
  rule: string,
  title: string,
  target: string,
  judge: (coded: Answer, plain: Answer) => Fault,
): Case {
  return {
    rule,
    title,
    async examine(to) {
      const coded = await to.known(target, 'gzip');
      if (codingOf(coded) === 'identity') throw new NotAsked('it does not code this');
      return judge(coded, await to.known(target));
    },
  };
}

const tagsDiffer = (coded: Answer, plain: Answer): Fault => {
  const [one, other] = [coded.field('etag'), plain.field('etag')];
  return one === other && one?.startsWith('"') ? `${one} for both` : undefined;
};

const variesWhenCoded = (coded: Answer): Fault => (variesBy(coded) ? undefined : 'no Vary');

/** Else a cache would keep the plain form for those as well who could have had the coded one. */
const variesWhenPlain = (_coded: Answer, plain: Answer): Fault => (variesBy(plain) ? undefined : 'no Vary');

/**
 * RFC 9110 §14.1.2: ranges are of the coded octets. So a 206 has the tag, the coding, the length and the very octets
 * that the 200 to the same request has.
 */
function rangeOfCoded(target: string, title: string): Case {
  return {
    rule: 'MUST RFC 9110 §14.1.2',
    title,
    async examine(to) {
      const full = await to.known(target, 'gzip');
      if (codingOf(full) === 'identity') throw new NotAsked('it does not code this');
      const answer = await to.ask({ target, fields: ['Accept-Encoding: gzip', 'Range: bytes=100-199'] });
      if (answer.status === 200) return wholeFault(answer, octetsOf(target));
      if (answer.status !== 206) return inShort(answer);
      const coding = codingOf(answer);
      const source = coding === codingOf(full) ? full : await to.known(target);
      if (coding !== 'identity' && coding !== codingOf(full)) return `206, coded as ${coding}`;
      if (answer.field('content-range') !== `bytes 100-199/${source.content.length}`) {
        return `${inShort(answer)} of ${source.content.length}`;
      }
      if (!sameOctets(answer.content, source.content.subarray(100, 200)))
        return '206 with other octets than the 200';
      const [tag, other] = [answer.field('etag'), source.field('etag')];
      return tag === other ? framed(answer) : `206 has ${tag ?? 'no ETag'}, the 200 ${other ?? 'none'}`;
    },
  };
}

/** RFC 9110 §13.1.2: the tag of one coding says nothing of another, unless both have the same. */
const tagOfAnotherCoding: Case = {
  rule: 'MUST RFC 9110 §13.1.2',
  title: 'If-None-Match, the tag of the gzip form, asked for identity: 200 unless the tags match',
  async examine(to) {
    const [coded, plain] = [await to.tag(SCRIPT, 'gzip'), await to.tag(SCRIPT)];
    if (codingOf(await to.known(SCRIPT, 'gzip')) === 'identity') throw new NotAsked('it does not code this');
    const answer = await to.ask({ target: SCRIPT, fields: ['Accept-Encoding:', `If-None-Match: ${coded}`] });
    if (weaklyMatches(coded, plain)) return answer.status === 304 ? undefined : inShort(answer);
    return wholeFault(answer, octetsOf(SCRIPT));
  },
};

function tagOfThisCoding(target: string, title: string): Case {
  return {
    rule: 'MUST RFC 9110 §13.1.2',
    title,
    async examine(to) {
      const tag = await to.tag(target, 'gzip');
      const answer = await to.ask({ target, fields: ['Accept-Encoding: gzip', `If-None-Match: ${tag}`] });
      return answer.status === 304 ? framed(answer) : inShort(answer);
    },
  };
}

/** RFC 9110 §13.1.5: octets of one coding can't be joined to those of another. */
const ifRangeOfAnotherCoding: Case = {
  rule: 'MUST RFC 9110 §13.1.5',
  title: 'If-Range, the tag of the gzip form, asked for identity: 200',
  async examine(to) {
    const coded = await to.strongTag(SCRIPT, 'gzip');
    if (coded === (await to.tag(SCRIPT)))
      throw new NotAsked('both have the same tag, which is counted elsewhere');
    const fields = ['Accept-Encoding:', 'Range: bytes=100-199', `If-Range: ${coded}`];
    return wholeFault(await to.ask({ target: SCRIPT, fields }), octetsOf(SCRIPT));
  },
};

const variesWhenUnmodified: Case = {
  rule: 'MUST RFC 9110 §15.4.5',
  title: 'that 304 has Vary, if the 200 has',
  async examine(to) {
    const tag = await to.tag(SCRIPT, 'gzip');
    if (!variesBy(await to.known(SCRIPT, 'gzip'))) throw new NotAsked('its 200 has no Vary');
    const answer = await to.ask({
      target: SCRIPT,
      fields: ['Accept-Encoding: gzip', `If-None-Match: ${tag}`],
    });
    if (answer.status !== 304) return inShort(answer);
    return variesBy(answer) ? undefined : `304 without Vary`;
  },
};

const typeOfCoded: Judge = async (answer, to) => {
  const essence = ({ field }: Answer): string | undefined => mediaTypeEssence(field('content-type') ?? '');
  const type = essence(answer);
  return type === essence(await to.known(SCRIPT))
    ? codedAs(SCRIPT, 'gzip')(answer, to)
    : `Content-Type: ${type}`;
};

const isGzipFile: Judge = (answer) => {
  // As a file of its own: gzip is what it is, not how it is coded. Or coded: then what is within is the script.
  const content = decoded(answer);
  if (answer.status !== 200 || content === undefined) return inShort(answer);
  const unpacked = decoded({ ...answer, content, field: () => 'gzip' }) ?? content;
  return sameOctets(unpacked, octetsOf(SCRIPT)) ? undefined : '200 with other octets';
};

export const codings: CaseGroup = {
  title: 'Content codings',
  cases: [
    accepting(
      'MUST RFC 9110 §8.4',
      'gzip',
      'gzip, with precompressed siblings: decodes',
      SCRIPT,
      codedAs(SCRIPT, 'gzip'),
    ),
    accepting(
      'MUST RFC 9110 §8.4',
      'br',
      'br, with precompressed siblings: decodes',
      SCRIPT,
      codedAs(SCRIPT, 'br'),
    ),
    accepting(
      'MUST RFC 9110 §8.4',
      'zstd',
      'zstd, with precompressed siblings: decodes',
      SCRIPT,
      codedAs(SCRIPT, 'zstd'),
    ),
    accepting('MUST RFC 9110 §8.4', 'gzip', 'gzip, without siblings: decodes', SHEET, codedAs(SHEET, 'gzip')),
    accepting('MUST RFC 9110 §8.3', 'gzip', 'the Content-Type is that of what is coded', SCRIPT, typeOfCoded),
    accepting(
      'MUST RFC 9110 §12.5.3',
      'gzip;q=0, br;q=0',
      '`gzip;q=0, br;q=0`: neither',
      SCRIPT,
      codedAs(SCRIPT),
    ),
    accepting('MUST RFC 9110 §12.5.3', 'gzip;q=0.000', '`gzip;q=0.000`: no gzip', SHEET, codedAs(SHEET)),
    accepting('MUST RFC 9110 §12.5.3', '*;q=0, identity', '`*;q=0, identity`: none', SCRIPT, codedAs(SCRIPT)),
    oneRequest(
      'MUST RFC 9110 §5.2',
      '`br;q=0` in one line, `gzip;q=0` in the next: neither',
      { target: SCRIPT, fields: ['Accept-Encoding: br;q=0', 'Accept-Encoding: gzip;q=0'] },
      codedAs(SCRIPT),
    ),
    accepting(
      'MUST RFC 9110 §12.5.3',
      'gzipped, broken',
      '`gzipped, broken`: names are whole',
      SCRIPT,
      codedAs(SCRIPT),
    ),
    accepting('MUST RFC 9110 §12.5.3', '', 'an empty Accept-Encoding: none', SCRIPT, codedAs(SCRIPT)),
    accepting(
      'expected RFC 9110 §12.5.3',
      'br;q=0.1, gzip;q=1.0',
      '`br;q=0.1, gzip;q=1.0`: not br, which is preferred least',
      SCRIPT,
      codedAs(SCRIPT, 'gzip'),
    ),
    whereCoded('SHOULD RFC 9110 §12.5.5', 'Vary when coded, with siblings', SCRIPT, variesWhenCoded),
    whereCoded('SHOULD RFC 9110 §12.5.5', 'Vary when coded, without siblings', SHEET, variesWhenCoded),
    whereCoded('expected RFC 9110 §12.5.5', 'Vary when not coded, with siblings', SCRIPT, variesWhenPlain),
    whereCoded('expected RFC 9110 §12.5.5', 'Vary when not coded, without siblings', SHEET, variesWhenPlain),
    whereCoded('MUST RFC 9110 §8.8.3', 'no strong ETag for two codings, with siblings', SCRIPT, tagsDiffer),
    whereCoded('MUST RFC 9110 §8.8.3', 'no strong ETag for two codings, without siblings', SHEET, tagsDiffer),
    tagOfThisCoding(SCRIPT, 'If-None-Match, the tag of the gzip form with siblings, asked for gzip: 304'),
    tagOfThisCoding(SHEET, 'If-None-Match, the tag of the gzip form without siblings, asked for gzip: 304'),
    variesWhenUnmodified,
    tagOfAnotherCoding,
    ifRangeOfAnotherCoding,
    rangeOfCoded(SCRIPT, 'a range of the gzip form, with siblings'),
    rangeOfCoded(SHEET, 'a range of the gzip form, without siblings'),
    oneRequest(
      'MUST RFC 9110 §8.4',
      'the sibling asked for by name',
      { target: `${SCRIPT}.gz`, fields: ['Accept-Encoding: gzip'] },
      isGzipFile,
    ),
    oneRequest(
      'MUST RFC 9112 §6.1',
      'HTTP/1.0 is sent no chunks, coded or not',
      { target: SHEET, version: '1.0', fields: ['Accept-Encoding: gzip'] },
      (answer, to) =>
        answer.field('transfer-encoding') === undefined
          ? codedAs(SHEET, 'gzip')(answer, to)
          : 'Transfer-Encoding to 1.0',
    ),
  ],
};
