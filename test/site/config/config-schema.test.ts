import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { CONFIG_SCHEMA } from '../../../src/site/config/config-schema.ts';
import { type Schema, schemaProblems } from '../../../src/site/config/schema-check.ts';

describe('CONFIG_SCHEMA', () => {
  it('matches its own examples and defaults', () => {
    let count = 0;
    const walk = (schema: Schema): void => {
      const samples = [...(schema.examples ?? []), ...('default' in schema ? [schema.default] : [])];
      for (const sample of samples) assert.deepEqual(schemaProblems(schema, sample), []);
      count += samples.length;
      const { items, additionalProperties, anyOf = [], properties = {} } = schema;
      for (const inner of [
        items,
        additionalProperties || undefined,
        ...anyOf,
        ...Object.values(properties),
      ]) {
        if (inner !== undefined) walk(inner);
      }
    };
    walk(CONFIG_SCHEMA);
    assert.ok(count > 20, `${count}`);
  });

  it('describes every member', () => {
    for (const [name, { description }] of Object.entries(CONFIG_SCHEMA.properties!))
      assert.ok(description, name);
  });

  it('equals the published schema', async () => {
    const published = JSON.parse(
      await readFile(new URL('../../../../schema/serval.schema.json', import.meta.url), 'utf8'),
    );
    assert.equal(published.$schema, 'http://json-schema.org/draft-07/schema#');
    assert.deepEqual(published.properties, JSON.parse(JSON.stringify(CONFIG_SCHEMA.properties)));
  });
});
