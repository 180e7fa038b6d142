/**
 * An application that passes hostile text on: wherever a handler may put text into a response, there is a route that puts
 * the query's `text` there. What becomes of it on the wire is what the test looks at.
 */
import * as serval from '../../../../src/index.ts';
import type { Fixture } from '../../../support/servers/launch.ts';

interface Given {
  readonly context: serval.ServerContext;
  readonly text: string;
  readonly Answer: typeof serval.Response;
}

type Route = (given: Given) => Response;

const encoder = new TextEncoder();

const ROUTES: Record<string, Route> = {
  '/value': ({ text, Answer }) => new Answer('ok', { headers: { 'X-Text': `a${text}` } }),
  '/value-list': ({ text, Answer }) => new Answer('ok', { headers: [['X-Text', `a${text}`]] }),
  '/value-set': ({ text, Answer }) => {
    const answer = new Answer('ok');
    answer.headers.set('X-Text', `a${text}`);
    return answer;
  },
  '/cookie': ({ text, Answer }) => new Answer('ok', { headers: { 'Set-Cookie': `a=${text}; HttpOnly` } }),
  '/type': ({ text, Answer }) => new Answer('ok', { headers: { 'Content-Type': `text/html${text}` } }),
  '/date': ({ text, Answer }) => new Answer('ok', { headers: { Date: `now${text}` } }),
  '/connection': ({ text, Answer }) => new Answer('ok', { headers: { Connection: `close${text}` } }),
  '/length': ({ text, Answer }) => new Answer('ok', { headers: { 'Content-Length': `2${text}` } }),
  '/coding': ({ text, Answer }) => new Answer('ok', { headers: { 'Transfer-Encoding': `chunked${text}` } }),
  '/name': ({ text, Answer }) => new Answer('ok', { headers: { [`X${text}`]: 'a' } }),
  '/name-list': ({ text, Answer }) => new Answer('ok', { headers: [[`X${text}`, 'a']] }),
  '/reason': ({ text, Answer }) => new Answer('ok', { statusText: `OK${text}` }),
  '/location': ({ text, Answer }) => new Answer(null, { status: 302, headers: { Location: `/a${text}` } }),
  '/redirect': ({ text, Answer }) => Answer.redirect(`/a${text}`),
  '/informational': ({ context, text, Answer }) => {
    context.sendInformational(103, { Link: `</a>${text}` });
    return new Answer('ok');
  },
  '/informational-name': ({ context, text, Answer }) => {
    context.sendInformational(103, { [`X${text}`]: 'a' });
    return new Answer('ok');
  },
  '/trailer': ({ text }) => withTrailer('X-Sum', `a${text}`),
  '/trailer-name': ({ text }) => withTrailer(`X${text}`, 'a'),
  '/record': ({ text, Answer }) => new Answer('ok', { headers: JSON.parse(text) as Record<string, string> }),
};

export default function hostileTexts(options: { readonly flavour?: 'serval' | 'native' }): Fixture {
  const Answer =
    options.flavour === 'native' ? (globalThis.Response as typeof serval.Response) : serval.Response;
  const fetch = (request: Request, context: serval.ServerContext): Response => {
    const url = new URL(request.url);
    const route = ROUTES[url.pathname];
    if (route === undefined) return new Answer('next');
    return route({ context, text: url.searchParams.get('text') ?? '', Answer });
  };
  const connect = async (context: serval.ConnectContext): Promise<void> => {
    const text = new URL(context.request.url).searchParams.get('text') ?? '';
    const tunnel = await context.accept({ headers: { 'X-Text': `a${text}` } });
    tunnel.destroy();
  };
  const handler = fetch as unknown as serval.FetchFunction;
  const serverOptions = { hostname: '127.0.0.1', port: 0, connect } as serval.ServerOptions;
  return { server: serval.serve(handler, serverOptions) };
}

function withTrailer(name: string, value: string): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode('ok'));
      controller.close();
    },
  });
  return new serval.Response(body, { trailers: () => [[name, value]] });
}
