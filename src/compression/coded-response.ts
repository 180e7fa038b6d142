import type { ReadableStream } from 'node:stream/web';
import { BodyReader } from '../fetch/body-reader.ts';
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
 * Octets that are coded at once, on the thread that serves, at a default level or below. Handing content to the thread pool
 * takes 80 to 200 µs of CPU however short it is, and coding 16 KiB takes 60 to 200.
 */
const CODED_AT_ONCE = 16 * 1024;

/** Octets that are coded in one piece, on the thread pool, so that Content-Length is known. More is coded as it is sent. */
const CODED_IN_ONE_PIECE = 1024 * 1024;

/**
 * For how long, in milliseconds, a stream of unknown length is watched for an early end. What is in memory ends at once. A
 * stream that takes longer is not held up: it is coded, however short it turns out to be.
 */
const SMALL_BODY_PATIENCE_MS = 1;

/** A coding that was agreed on, and what it is for. */
interface Agreement {
  readonly coding: string;
  readonly offer: Offer;
  readonly response: Response;
  /** A result that is no smaller is sent all the same. */
  readonly mayGrow: boolean;
}

/**
 * The response in the content coding that its request wants most: the very same object if nothing is to be done, and a
 * promise only if coding has to wait for something.
 *
 * @param getRequest called only if the answer depends on the request, which may be costly to make.
 */
export function codedResponse(
  response: Response,
  getRequest: () => Request,
  settings: CompressionSettings,
): Response | Promise<Response> {
  const { status } = response;
  // No content to code (RFC 9110 §15.2, §15.3.5, §15.3.6). 0 is `Response.error()`, for the server to refuse.
  if (status < 200 || status === 204 || status === 205) return response;
  const known = knownBody(response);
  const knownLength = known === undefined ? undefined : Buffer.byteLength(known);
  // The commonest case comes before anything that makes a Headers object: 0.1 µs instead of 1.1.
  if (knownLength !== undefined && knownLength < settings.threshold && status !== 206) return response;

  const { headers } = response;
  // A coding upon a coding gains nothing, and no-transform forbids one (RFC 9111 §5.2.2.6).
  if (isCoded(headers) || forbidsTransform(headers)) return response;

  const type = headers.get('content-type');
  const essence = type === null ? undefined : mediaTypeEssence(type);
  const isWorthCoding = essence !== undefined && settings.compressible(essence);
  // A range is of the octets of one representation, here the one without coding (RFC 9110 §14.1.1); but a 206 or a 304 has
  // the Vary field of its 200 (§15.3.7, §15.4.5), whose type it does not always say.
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
  // Faults of the application, which the server finds by itself and can say more about.
  if (known === undefined && (response.bodyUsed || response.body?.locked)) return response;
  if (declared !== undefined && declared !== length) return response;

  // From here on, what is sent depends on Accept-Encoding, even if it is not coded.
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

/** Which coding to use; `undefined` to send the response as it is. */
function agreementOn(
  response: Response,
  request: Request,
  settings: CompressionSettings,
): Agreement | undefined | typeof NOT_ACCEPTABLE {
  const coding = chosenCoding(request, settings);
  if (coding === undefined) {
    // RFC 9110 §12.5.3 would have it sent without coding unless that is refused too, which it is here: §15.5.7. But 406 in
    // place of an error would hide the error, and in place of the answer to a POST that the request had its effect.
    const mayRefuse = response.ok && (request.method === 'GET' || request.method === 'HEAD');
    return mayRefuse ? NOT_ACCEPTABLE : undefined;
  }
  // RFC 9111 §5.2.1.6: the client too may forbid it.
  if (forbidsTransform(request.headers)) return undefined;
  const offer = settings.offers.get(coding);
  return offer === undefined ? undefined : { coding, offer, response, mayGrow: settings.mayGrow };
}

function chosenCoding(request: Request, settings: CompressionSettings): string | undefined {
  const accepted = parseAcceptEncoding(request.headers.get('accept-encoding') ?? '');
  return chooseCoding(accepted, settings.codings);
}

/** RFC 9110 §15.5.7. Without content: that would need a coding too. */
function notAcceptable(response: Response): Response {
  const reason = new TypeError('No content coding of the response is acceptable to the client');
  if (knownBody(response) === undefined) response.body?.cancel(reason).catch(() => {});
  const headers = new Headers();
  addVary(headers);
  return rebuiltResponse(null, { status: 406, statusText: 'Not Acceptable' }, headers);
}

/**
 * RFC 9110 §15.4.5: a 304 has the Vary and the ETag of its 200. The application gave its own, strong tag; when the client
 * asked with the weakened one, the response it has stored is a coded one, which a strong tag would not freshen
 * (RFC 9111 §4.3.4).
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
 * RFC 9110 §9.3.2: HEAD is answered with the fields that GET would have, except those that only the content can tell. A
 * response without a length does not tell whether there is enough to code.
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

/** @param length how long the body has to be, if that is known. */
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
