/** The least there can be: `hello` to everybody, behind the content, if there is some; and it keeps no record of anything. */
import { Response, serve } from '../../../src/index.ts';
import type { Fixture } from '../../support/servers/launch.ts';

export default function plain(): Fixture {
  const handler = (request: Request) => {
    if (request.body === null) return new Response('hello');
    return request.text().then(() => new Response('hello'));
  };
  return { server: serve(handler, { hostname: '127.0.0.1', port: 0 }) };
}
