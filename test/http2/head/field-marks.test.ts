import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HpackDecoder } from '../../../src/hpack/decoder.ts';
import { HeaderField } from '../../../src/hpack/header-field.ts';
import { STATIC_TABLE } from '../../../src/hpack/static-table.ts';
import * as marks from '../../../src/http2/head/field-marks.ts';
import { block } from '../frames.ts';

/** The mark of a field as a decoder gives it out, or the reason why it can not be there. */
function markOf(name: string, value: string): number | string {
  const decoder = new HpackDecoder();
  assert.ok(decoder.decode(block([[name, value]])));
  const field = decoder.fields[0]!;
  const mark = marks.markField(field);
  assert.equal(field.mark, mark);
  return marks.faultOf(mark)?.reason ?? mark;
}

test('RFC 9113 §8.3: pseudo-fields are known by their names, and their values checked', () => {
  assert.equal(markOf(':method', 'M-SEARCH'), marks.METHOD);
  assert.equal(markOf(':scheme', 'coap+tcp'), marks.SCHEME);
  assert.equal(markOf(':authority', '[::1]:80'), marks.AUTHORITY);
  assert.equal(markOf(':path', '/?a?b'), marks.PATH);
  assert.equal(markOf(':path', '*'), marks.PATH_ASTERISK);
  assert.equal(markOf(':protocol', 'websocket'), marks.PROTOCOL);
  assert.equal(markOf(':status', '599'), marks.STATUS);
  for (const [name, value, reason] of [
    [':method', '', 'MethodSyntax'],
    [':scheme', '1http', 'SchemeSyntax'],
    [':authority', '', 'AuthoritySyntax'],
    [':path', '**', 'PathSyntax'],
    [':protocol', '', 'FieldValueSyntax'],
    [':status', '99', 'StatusSyntax'],
    [':status', '600', 'StatusSyntax'],
    [':status', '2000', 'StatusSyntax'],
    [':other', 'x', 'PseudoFieldUnknown'],
  ] as const)
    assert.equal(markOf(name, value), reason, `${name}: ${value}`);
});

test('fields that mean something to framing and routing are known', () => {
  assert.equal(markOf('host', 'a'), marks.HOST);
  assert.equal(markOf('content-length', '007'), marks.CONTENT_LENGTH);
  assert.equal(markOf('cookie', 'a=b'), marks.COOKIE);
  assert.equal(markOf('expect', '100-continue'), marks.EXPECT_CONTINUE);
  assert.equal(markOf('expect', 'x'), marks.EXPECT_OTHER);
  assert.equal(markOf('accept', '*/*'), marks.ORDINARY);
});

test('RFC 9113 §8.2.1: each octet that can not be in a name or a value is noticed', () => {
  for (let octet = 0; octet < 256; octet++) {
    const character = String.fromCharCode(octet);
    const inName = /^[!#$%&'*+\-.^_`|~0-9a-z]$/.test(character);
    assert.equal(markOf(`x${character}`, 'v'), inName ? marks.ORDINARY : 'FieldNameSyntax', `name ${octet}`);
    const inValue = octet >= 0x20 ? octet !== 0x7f : octet === 9;
    assert.equal(
      markOf('x', `v${character}v`),
      inValue ? marks.ORDINARY : 'FieldValueSyntax',
      `value ${octet}`,
    );
  }
});

test('RFC 3986 §3.3: each octet that can not be in a path or a query is noticed', () => {
  for (let octet = 0; octet < 256; octet++) {
    const character = String.fromCharCode(octet);
    const isVisible = octet > 0x20 && octet < 0x7f && character !== '#';
    const isControl = octet < 0x20 || octet === 0x7f;
    const wrong = isControl && octet !== 9 ? 'FieldValueSyntax' : 'PathSyntax';
    assert.equal(
      markOf(':path', `/a${character}b`),
      isVisible && !'"<>\\^`{}'.includes(character) ? marks.PATH : wrong,
      `path ${octet}`,
    );
    assert.equal(markOf(':path', `/?a${character}b`), isVisible ? marks.PATH : wrong, `query ${octet}`);
  }
});

test('entries of the static table are looked at like all others: an empty :authority is none', () => {
  const markOfEntry = (index: number) => {
    const mark = marks.markField(STATIC_TABLE[index - 1]!);
    return marks.faultOf(mark)?.reason ?? mark;
  };
  assert.deepEqual(
    [markOfEntry(1), markOfEntry(2), markOfEntry(4), markOfEntry(28)],
    ['AuthoritySyntax', marks.METHOD, marks.PATH, 'ContentLengthSyntax'],
  );
});

test('a field that was made here has a mark, too', () => {
  assert.equal(marks.markField(HeaderField.of('te', 'Trailers')), marks.ORDINARY);
});
