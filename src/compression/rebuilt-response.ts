import { isLightResponse, Response as ServalResponse, TRAILERS } from '../fetch/response.ts';

/** Makes a response like another one, with other content and other fields. All responses of this folder are made here. */
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

/** Changes the fields of a response. The result is a copy if they are immutable, as those of a `fetch()` are. */
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
