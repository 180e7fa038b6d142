/** `schema/serval.schema.json`: the JSON Schema of `serval.json`, for editors. */
import { CONFIG_SCHEMA } from '../../src/site/config/config-schema.ts';

export function configSchema(): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'serval.json',
    $comment: 'Generated from src/site/config/config-schema.ts by `npm run docs`.',
    ...CONFIG_SCHEMA,
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
