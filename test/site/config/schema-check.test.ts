import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Schema, schemaProblems } from '../../../src/site/config/schema-check.ts';

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
    [{ type: 'boolean' }, 'true', [': expected true or false, got "true"']],
    [{ type: 'string' }, null, [': expected a string, got null']],
    [{ type: 'object' }, [], [': expected an object, got an empty array']],
    [{ type: 'array' }, {}, [': expected an array, got an object']],
    [{ type: 'integer' }, 1.5, [': expected an integer, got 1.5']],
    [{ type: 'integer', minimum: 0, maximum: 5 }, 6, [': expected an integer from 0 to 5, got 6']],
    [{ type: 'integer', minimum: 0 }, -1, [': expected an integer from 0, got -1']],
    [{ type: 'string', minLength: 1 }, '', [': expected a non-empty string, got ""']],
    [{ type: 'array', minItems: 1 }, [], [': expected a non-empty array, got an empty array']],
    [{ enum: [301, 302] }, 300, [': expected 301 or 302, got 300']],
    [{ type: 'string', pattern: '^a', errorMessage: 'an a' }, 'b', [': expected an a, got "b"']],
    [{ type: 'string', writeOnly: true }, 12, [': expected a string, got another value']],
    [
      { anyOf: [{ type: 'boolean' }, { type: 'string' }, { type: 'null' }] },
      1,
      [': expected true or false, a string or null, got 1'],
    ],
    [
      { anyOf: [{ type: 'boolean' }, { type: 'array', items: { type: 'string' } }] },
      ['a', 1, 2],
      ['[1]: expected a string, got 1', '[2]: expected a string, got 2'],
    ],
    [{ type: 'string' }, { length: 1 }, [': expected a string, got an object']],
    [{ type: 'boolean' }, 'x'.repeat(80), [`: expected true or false, got "${'x'.repeat(59)}…`]],
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
        'list[1].status: expected 1, got 2',
        'map["a b"]: expected a string, got 1',
        'map.c: expected a string, got true',
        'nmae: unknown member; did you mean "name"?',
        'zzz: unknown member; known members: name, list, map',
        'name: required',
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
    assert.throws(() => schemaProblems({ uniqueItems: true } as Schema, []), /unknown keyword: uniqueItems/);
  });
});
