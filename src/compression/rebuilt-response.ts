import { isLightResponse, Response as ServalResponse, TRAILERS } from '../fetch/response.ts';

/** The one place where this folder makes a response: `like` another, with other content and other fields. */
export function rebuiltResponse(body: ResponseBody, like: ResponseStatus, headers: Headers): Response {
  const trailers = isLightResponse(like) ? like[TRAILERS] : undefined;
  const { status, statusText } = like;
  return new ServalResponse(body, {
    status,
    statusText,
    headers,
    ...(trailers === undefined ? {} : { trailers }),
  });
}

type ResponseStatus = Pick<Response, 'status' | 'statusText'>;
type ResponseBody = Exclude<ConstructorParameters<typeof Response>[0], undefined>;

/** The response with its fields changed; itself, unless they are immutable, as those of a `fetch()` are. */
export function amendedResponse(response: Response, change: (headers: Headers) => void): Response {
  try {
    change(response.headers);
    return response;
  } catch {
    const headers = new Headers(response.headers);
    change(headers);
    return rebuiltResponse(response.body, response, headers);
  }
}
