/** What the options of `serval get` do, in words for the man page and for completion. */
import type { GetOptionName } from './get-words.ts';

export interface GetOptionWords {
  /** What stands for the value; without it the option is a flag. */
  readonly placeholder?: string;
  readonly description: string;
}

export const GET_OPTION_WORDS: Readonly<Record<GetOptionName, GetOptionWords>> = {
  request: { placeholder: 'method', description: 'the method, instead of GET, POST or PUT' },
  header: {
    placeholder: 'line',
    description: 'a header, such as "Accept: text/plain"; "Accept:" leaves one out',
  },
  data: { placeholder: 'text|@file', description: 'content of a form, by POST; several are joined by &' },
  'data-binary': { placeholder: 'text|@file', description: 'the same, with the line breaks of a file' },
  'data-raw': { placeholder: 'text', description: 'the same, where @ has no meaning' },
  'upload-file': { placeholder: 'file|-', description: 'a file to PUT; - is standard input' },
  user: {
    placeholder: 'name[:password]',
    description: 'credentials; the password is asked for if it is missing',
  },
  output: {
    placeholder: 'file|-',
    description: 'where the content goes; - writes it unchanged to a terminal',
  },
  verbose: { description: 'show every line of both heads with its purpose, and the time of each step' },
  include: { description: 'print the heads of the responses before the content' },
  head: { description: 'send HEAD, and print the head of the response' },
  location: { description: 'follow redirects' },
  fail: { description: 'exit with 22 for a status from 400 on, without the content' },
  silent: { description: 'show no progress' },
  compressed: { description: 'accept compressed content, and decompress it' },
  'max-ratio': {
    placeholder: 'number',
    description: 'bytes that content may decode to for each received (200); 0 for any',
  },
  'unix-socket': { placeholder: 'path', description: 'connect to a unix socket' },
  ipv4: { description: 'connect to IPv4 addresses only' },
  ipv6: { description: 'connect to IPv6 addresses only' },
  'max-time': { placeholder: 'seconds', description: 'how long a request may take' },
  'connect-timeout': { placeholder: 'seconds', description: 'how long connecting may take' },
  insecure: { description: 'accept any certificate' },
  cacert: { placeholder: 'file', description: 'the authorities to trust, as PEM' },
  cert: { placeholder: 'file', description: 'a certificate of the client, as PEM' },
  key: { placeholder: 'file', description: 'its private key, as PEM' },
  'http1.1': { description: 'use HTTP/1.1 only' },
  http2: { description: 'use HTTP/2 for https if the server has it; the default' },
  'http2-prior-knowledge': { description: 'use HTTP/2 for http as well' },
};
