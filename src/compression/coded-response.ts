import type { ReadableStream } from 'node:stream/web';
import { BodyReader } from '../fetch/body-reader.ts';
import { fieldsWithContent, isDecoded } from '../fetch/fetched-response.ts';
import { mediaTypeEssence } from '../semantics/media-type.ts';
import { chooseCoding, parseAcceptEncoding } from '../semantics/negotiation.ts';
import { knownBody } from '../wrapping/known-body.ts';
import { codedStream } from './coded-stream.ts';
import type { EncoderPlace } from './encoder-places.ts';
import type { CompressionSettings, Offer } from './options.ts';
import { amendedResponse, rebuiltResponse } from './rebuilt-response.ts';
import {
  addVary,
  codedHeaders,
  declaredLength,
  forbidsTransform,
  isCoded,
  weakenETag,
} from './response-fields.ts';

/**
 * Content of up to this size is coded synchronously, at a default level or below. Passing content to the thread pool takes 80
 * to 200 µs of CPU, however short it is, and coding 16 KiB takes 60 to 200.
 */
const CODED_AT_ONCE = 16 * 1024;

/** Content of up to this size is coded in one piece, on the thread pool, so its length is known. More is coded as it is sent. */
const CODED_IN_ONE_PIECE = 1024 * 1024;

/**
 * For how long, in milliseconds, a stream of unknown length is watched for an early end. A stream from memory ends at once. One
 * that takes longer is coded, even if it turns out to be short.
 */
const SMALL_BODY_PATIENCE_MS = 1;

/** A coding that the client accepts, and the response to code. */
interface Agreement {
  readonly coding: string;
  readonly offer: Offer;
  readonly response: Response;
  /** Whether a result that is no smaller is sent. */
  readonly mayGrow: boolean;
}

/**
 * The response in the content coding that the client prefers. It is the same object if nothing changes, and a promise only if
 * the coding is asynchronous.
 *
 * @param getRequest is called only if the result depends on the request, which may be costly to make.
 */
export function codedResponse(
  response: Response,
  getRequest: () => Request,
  settings: CompressionSettings,
): Response | Promise<Response> {
  const { status } = response;
  // No content to code (RFC 9110 §15.2, §15.3.5, §15.3.6). 0 is `Response.error()`, which the server refuses.
  if (status < 200 || status === 204 || status === 205) return response;
  const known = knownBody(response);
  const knownLength = known === undefined ? undefined : Buffer.byteLength(known);
  // The most common case comes first, without a Headers object: 0.1 µs instead of 1.1.
  if (knownLength !== undefined && knownLength < settings.threshold && status !== 206) return response;

  // What `fetch()` has decoded is sent without the fields about its coding, so it can be coded again.
  if (isDecoded(response)) {
    const plain = new Headers([...fieldsWithContent(response)]);
    return codedResponse(rebuiltResponse(response.body, response, plain), getRequest, settings);
  }
  const { headers } = response;
  // A second coding gains nothing, and no-transform forbids coding (RFC 9111 §5.2.2.6).
  if (isCoded(headers) || forbidsTransform(headers)) return response;

  const type = headers.get('content-type');
  const essence = type === null ? undefined : mediaTypeEssence(type);
  const isWorthCoding = essence !== undefined && settings.compressible(essence);
  // A range belongs to one representation, here the one without coding (RFC 9110 §14.1.1). A 206 and a 304 have the Vary field
  // of their 200 (§15.3.7, §15.4.5), but not always its type.
  if (status === 206 || status === 304 || headers.has('content-range')) {
    if (!isWorthCoding && type !== null && essence !== 'multipart/byteranges') return response;
    return status === 304
      ? notModified(response, getRequest(), settings)
      : amendedResponse(response, addVary);
  }
  if (!isWorthCoding) return response;

  const declared = declaredLength(headers);
  const length = knownLength ?? declared;
  if (length !== undefined && length < settings.threshold) return response;
  const request = getRequest();
  const hasContent = known !== undefined || response.body !== null;
  if (!hasContent && request.method !== 'HEAD') return response;
  // Faults of the application, which the server finds itself and reports better.
  if (known === undefined && (response.bodyUsed || response.body?.locked)) return response;
  if (declared !== undefined && declared !== length) return response;

  // From here on the response depends on Accept-Encoding, even if it is not coded.
  const agreement = agreementOn(response, request, settings);
  if (agreement === NOT_ACCEPTABLE) return notAcceptable(response);
  if (agreement === undefined) return amendedResponse(response, addVary);
  if (!hasContent) return codedHead(agreement, length);
  if (known !== undefined && length! <= CODED_IN_ONE_PIECE) return codedInOnePiece(agreement, known);
  const place = settings.places.take();
  if (place === undefined) return amendedResponse(response, addVary);
  return codedAsSent(agreement, place, length, essence === 'text/event-stream', settings.threshold);
}

const NOT_ACCEPTABLE = Symbol('not acceptable');

/** The coding to use; `undefined` to send the response without coding. */
function agreementOn(
  response: Response,
  request: Request,
  settings: CompressionSettings,
): Agreement | undefined | typeof NOT_ACCEPTABLE {
  const coding = chosenCoding(request, settings);
  if (coding === undefined) {
    // The client refuses every coding, and no coding as well (RFC 9110 §12.5.3): 406 (§15.5.7). But a 406 instead of an error
    // would hide the error, and instead of the answer to a POST it would hide that the request had its effect.
    const mayRefuse = response.ok && (request.method === 'GET' || request.method === 'HEAD');
    return mayRefuse ? NOT_ACCEPTABLE : undefined;
  }
  // RFC 9111 §5.2.1.6: the client may forbid it as well.
  if (forbidsTransform(request.headers)) return undefined;
  const offer = settings.offers.get(coding);
  return offer === undefined ? undefined : { coding, offer, response, mayGrow: settings.mayGrow };
}

function chosenCoding(request: Request, settings: CompressionSettings): string | undefined {
  const accepted = parseAcceptEncoding(request.headers.get('accept-encoding') ?? '');
  return chooseCoding(accepted, settings.codings);
}

/** RFC 9110 §15.5.7. It has no content, which would need a coding as well. */
function notAcceptable(response: Response): Response {
  const reason = new TypeError('No content coding of the response is acceptable to the client');
  if (knownBody(response) === undefined) response.body?.cancel(reason).catch(() => {});
  const headers = new Headers();
  addVary(headers);
  return rebuiltResponse(null, { status: 406, statusText: 'Not Acceptable' }, headers);
}

/**
 * RFC 9110 §15.4.5: a 304 has the Vary and the ETag of its 200. The application gives its own, strong tag. If the client sent
 * the weakened one, it has stored a coded response, which a strong tag would not update (RFC 9111 §4.3.4).
 */
function notModified(response: Response, request: Request, settings: CompressionSettings): Response {
  const tag = response.headers.get('etag');
  const isOfCoded =
    tag?.startsWith('"') === true &&
    request.headers.get('if-none-match')?.includes(`W/${tag}`) === true &&
    chosenCoding(request, settings) !== 'identity';
  return amendedResponse(response, (headers) => {
    addVary(headers);
    if (isOfCoded) weakenETag(headers);
  });
}

/**
 * RFC 9110 §9.3.2: the answer to HEAD has the fields of GET, except those that depend on the content. Without a length it is
 * unknown whether the content is large enough to be coded.
 */
function codedHead({ response, coding }: Agreement, length: number | undefined): Response {
  if (length === undefined) return amendedResponse(response, addVary);
  return rebuiltResponse(null, response, codedHeaders(response.headers, coding));
}

function codedInOnePiece(agreement: Agreement, content: string | Uint8Array): Response | Promise<Response> {
  const { codec, level } = agreement.offer;
  const octets = typeof content === 'string' ? Buffer.from(content) : content;
  if (octets.length <= CODED_AT_ONCE && level <= codec.defaultLevel) {
    return ifWorthIt(agreement, octets, codec.encodeSync(octets, level));
  }
  return codec.encode(octets, level).then((coded) => ifWorthIt(agreement, octets, coded));
}

function ifWorthIt(
  { response, coding, mayGrow }: Agreement,
  octets: Uint8Array,
  coded: Uint8Array,
): Response {
  if (coded.length >= octets.length && !mayGrow) return amendedResponse(response, addVary);
  const headers = codedHeaders(response.headers, coding);
  headers.set('content-length', String(coded.length));
  return rebuiltResponse(coded, response, headers);
}

/** @param length of the body, if it is declared. */
function codedAsSent(
  { response, coding, offer }: Agreement,
  place: EncoderPlace,
  length: number | undefined,
  isEventStream: boolean,
  threshold: number,
): Response | Promise<Response> {
  const body = new BodyReader(response.body as ReadableStream<Uint8Array>, length);
  const coded = () =>
    rebuiltResponse(
      codedStream(body, offer, place, isEventStream),
      response,
      codedHeaders(response.headers, coding),
    );
  if (length !== undefined || isEventStream) return coded();
  return body.whole(threshold, SMALL_BODY_PATIENCE_MS).then((whole) => {
    if (whole === undefined) return coded();
    place.release();
    const headers = new Headers(response.headers);
    addVary(headers);
    headers.set('content-length', String(whole.length));
    return rebuiltResponse(whole, response, headers);
  });
}
