import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Schema, schemaProblems } from '../../src/site/schema-check.ts';

const lines = (schema: Schema, value: unknown): string[] =>
  schemaProblems(schema, value).map(({ path, message }) => `${path}: ${message}`);

describe('schemaProblems', () => {
  const fits: [Schema, unknown][] = [
    [{}, 1],
    [{ type: 'boolean' }, false],
    [{ type: 'string' }, ''],
    [{ type: 'null' }, null],
    [{ type: 'integer', minimum: 0, maximum: 5 }, 0],
    [{ type: 'integer', minimum: 0, maximum: 5 }, 5],
    [{ type: 'string', minLength: 1 }, 'é'],
    [{ type: 'string', pattern: '^a' }, 'ab'],
    [{ enum: [1, 'a', false] }, false],
    [{ type: 'array', items: { type: 'boolean' } }, []],
    [{ type: 'array', minItems: 1 }, [1]],
    [{ type: 'object' }, { a: 1 }],
    [{ anyOf: [{ type: 'boolean' }, { type: 'string', minLength: 1 }] }, 'a'],
  ];
  for (const [schema, value] of fits) {
    it(`${JSON.stringify(schema)} takes ${JSON.stringify(value)}`, () =>
      assert.deepEqual(lines(schema, value), []));
  }

  const misfits: [Schema, unknown, string[]][] = [
    [{ type: 'boolean' }, 'true', [': expected true or false, but there is "true"']],
    [{ type: 'string' }, null, [': expected a text, but there is null']],
    [{ type: 'object' }, [], [': expected an object, but there is an empty list']],
    [{ type: 'array' }, {}, [': expected a list, but there is an object']],
    [{ type: 'integer' }, 1.5, [': expected a whole number, but there is 1.5']],
    [
      { type: 'integer', minimum: 0, maximum: 5 },
      6,
      [': expected a whole number from 0 to 5, but there is 6'],
    ],
    [{ type: 'integer', minimum: 0 }, -1, [': expected a whole number from 0, but there is -1']],
    [{ type: 'string', minLength: 1 }, '', [': expected a text that is not empty, but there is ""']],
    [{ type: 'array', minItems: 1 }, [], [': expected a list that is not empty, but there is an empty list']],
    [{ enum: [301, 302] }, 300, [': expected 301 or 302, but there is 300']],
    [{ type: 'string', pattern: '^a', errorMessage: 'an a' }, 'b', [': expected an a, but there is "b"']],
    [{ type: 'string', writeOnly: true }, 12, [': expected a text, but there is something else']],
    [
      { anyOf: [{ type: 'boolean' }, { type: 'string' }, { type: 'null' }] },
      1,
      [': expected true or false, a text or null, but there is 1'],
    ],
    [
      { anyOf: [{ type: 'boolean' }, { type: 'array', items: { type: 'string' } }] },
      ['a', 1, 2],
      ['[1]: expected a text, but there is 1', '[2]: expected a text, but there is 2'],
    ],
    [{ type: 'string' }, { length: 1 }, [': expected a text, but there is an object']],
    [{ type: 'boolean' }, 'x'.repeat(80), [`: expected true or false, but there is "${'x'.repeat(59)}…`]],
  ];
  for (const [schema, value, expected] of misfits) {
    it(`${JSON.stringify(schema)} refuses ${JSON.stringify(value)}`, () =>
      assert.deepEqual(lines(schema, value), expected));
  }

  it('names the place, and all that is wrong', () => {
    const schema: Schema = {
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: {
        name: { type: 'string' },
        list: { type: 'array', items: { type: 'object', properties: { status: { enum: [1] } } } },
        map: { type: 'object', additionalProperties: { type: 'string' } },
      },
    };
    assert.deepEqual(
      lines(schema, { list: [{}, { status: 2 }], map: { 'a b': 1, c: true }, nmae: 'x', zzz: 1 }),
      [
        'list[1].status: expected 1, but there is 2',
        'map["a b"]: expected a text, but there is 1',
        'map.c: expected a text, but there is true',
        'nmae: unknown; did you mean "name"?',
        'zzz: unknown; there are name, list, map',
        'name: missing',
      ],
    );
  });

  it('takes names that JavaScript knows for what they are', () => {
    const schema: Schema = {
      type: 'object',
      additionalProperties: false,
      properties: {},
      required: ['toString'],
    };
    assert.deepEqual(lines(schema, JSON.parse('{"__proto__": 1, "constructor": 2}')).length, 3);
  });

  it('refuses a schema that it does not understand', () => {
    assert.throws(() => schemaProblems({ uniqueItems: true } as Schema, []), /no such keyword: uniqueItems/);
  });
});
