/** The key of an account, and what is signed with it (RFC 8555 §6.2, RFC 7515, RFC 7638). */
import {
  createHash,
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';

/** A JWS in its flattened form. */
export interface SignedMessage {
  readonly protected: string;
  readonly payload: string;
  readonly signature: string;
}

/** What a provider that wants to know its customers has handed out (RFC 8555 §7.3.4). */
export interface ExternalAccount {
  /** The identifier of the customer's key. */
  kid: string;
  /** Base64url. */
  hmacKey: string;
}

const encode = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url');
const encodeJson = (value: object): string => encode(JSON.stringify(value));

export class AccountKey {
  readonly #key: KeyObject;
  /** With its members in the order that its thumbprint is made of (RFC 7638 §3.2). */
  readonly jwk: Readonly<Record<'crv' | 'kty' | 'x' | 'y', string>>;

  /** @param pem of a P-256 key; without one, a new key is made. */
  constructor(pem?: string) {
    this.#key =
      pem === undefined
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
        : createPrivateKey(pem);
    const { crv, kty, x, y } = this.#key.export({ format: 'jwk' }) as Record<string, string>;
    this.jwk = { crv: crv!, kty: kty!, x: x!, y: y! };
  }

  get pem(): string {
    return this.#key.export({ type: 'pkcs8', format: 'pem' }) as string;
  }

  /** What a server shows to prove that it holds a name (RFC 8555 §8.1). */
  authorizationFor(token: string): string {
    const thumbprint = createHash('sha256').update(JSON.stringify(this.jwk)).digest('base64url');
    return `${token}.${thumbprint}`;
  }

  /**
   * @param account its URL; without one the message says what the key is.
   * @param payload `undefined` for a request that only reads (POST-as-GET, RFC 8555 §6.3).
   */
  sign(url: string, nonce: string, account: string | undefined, payload: object | undefined): SignedMessage {
    const signer = account === undefined ? { jwk: this.jwk } : { kid: account };
    const head = encodeJson({ alg: 'ES256', nonce, url, ...signer });
    const body = payload === undefined ? '' : encodeJson(payload);
    const signature = sign('sha256', Buffer.from(`${head}.${body}`), {
      key: this.#key,
      dsaEncoding: 'ieee-p1363',
    });
    return { protected: head, payload: body, signature: encode(signature) };
  }

  /** Binds the account to a customer of the authority (RFC 8555 §7.3.4). */
  bind(url: string, { kid, hmacKey }: ExternalAccount): SignedMessage {
    const head = encodeJson({ alg: 'HS256', kid, url });
    const body = encodeJson(this.jwk);
    const hmac = createHmac('sha256', Buffer.from(hmacKey, 'base64url')).update(`${head}.${body}`);
    return { protected: head, payload: body, signature: hmac.digest('base64url') };
  }
}
