/**
 * Two network namespaces with a cable between them. A client whose namespace has lost its address sends nothing any more and
 * hears nothing, while the server's kernel still believes in the cable: a client that lost its network looks like that.
 * Linux only, and only for root.
 */
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { findProgram } from '../../support/find-program.ts';

export const SERVER_ADDRESS = '10.213.12.1';
const CLIENT_ADDRESS = '10.213.12.2';
const PREFIX_LENGTH = 30;

export class Namespaces implements Disposable {
  readonly #ip: string;
  readonly #server = `serval-server-${process.pid}`;
  readonly #client = `serval-client-${process.pid}`;
  // A network interface has at most 15 characters.
  readonly #serverCable = `svs${process.pid}`;
  readonly #clientCable = `svc${process.pid}`;

  private constructor(ip: string) {
    this.#ip = ip;
  }

  /** @returns `undefined` where namespaces cannot be made. */
  static create(): Namespaces | undefined {
    const ip = process.getuid?.() === 0 ? findProgram('ip') : undefined;
    if (ip === undefined) return undefined;
    const namespaces = new Namespaces(ip);
    try {
      namespaces.#connect();
      return namespaces;
    } catch {
      namespaces[Symbol.dispose]();
      return undefined;
    }
  }

  #connect(): void {
    for (const name of [this.#server, this.#client]) this.#run('netns', 'add', name);
    const [server, client] = [this.#serverCable, this.#clientCable];
    this.#run(
      ...['link', 'add', server, 'netns', this.#server, 'type', 'veth'],
      ...['peer', 'name', client, 'netns', this.#client],
    );
    this.#inServer('link', 'set', 'lo', 'up');
    this.#inServer('addr', 'add', `${SERVER_ADDRESS}/${PREFIX_LENGTH}`, 'dev', server);
    this.#inServer('link', 'set', server, 'up');
    this.#inClient('link', 'set', client, 'up');
    this.speak();
    // A host that has vanished behind a router still has a next hop. Without this the kernel learns of it from ARP.
    const [{ address }] = JSON.parse(this.#inClient('-j', 'link', 'show', client)) as [{ address: string }];
    this.#inServer('neigh', 'replace', CLIENT_ADDRESS, 'lladdr', address, 'dev', server, 'nud', 'permanent');
  }

  /** The words that run a program on one side. */
  on(side: 'server' | 'client'): readonly string[] {
    return [this.#ip, 'netns', 'exec', side === 'server' ? this.#server : this.#client];
  }

  /** From now on the clients send nothing and hear nothing. Their sockets stay as they are. */
  fallSilent(): void {
    this.#inClient('addr', 'flush', 'dev', this.#clientCable);
  }

  /** The clients have their address again. */
  speak(): void {
    this.#inClient('addr', 'add', `${CLIENT_ADDRESS}/${PREFIX_LENGTH}`, 'dev', this.#clientCable);
  }

  /** How often the server's kernel sends unacknowledged octets again before it gives up (`net.ipv4.tcp_retries2`). */
  giveUpAfter(retries: number): void {
    const [file = '', ...words] = [
      ...this.on('server'),
      'sysctl',
      '-q',
      '-w',
      `net.ipv4.tcp_retries2=${retries}`,
    ];
    execFileSync(file, words);
  }

  #inServer(...words: string[]): string {
    return this.#run('-n', this.#server, ...words);
  }

  #inClient(...words: string[]): string {
    return this.#run('-n', this.#client, ...words);
  }

  #run(...words: string[]): string {
    return execFileSync(this.#ip, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  [Symbol.dispose](): void {
    for (const name of [this.#server, this.#client]) {
      try {
        this.#run('netns', 'del', name);
      } catch {
        // It was not made.
      }
    }
  }
}
