/**
 * Machines that are network namespaces of this one, on a bridge: each has an address, and a cable that can be pulled. Needs root
 * and `ip` (iproute2). All of it goes again when we do.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import process from 'node:process';

/** No network that anybody is likely to be in. */
const SUBNET = '10.213.97';
const BRIDGE = 'serval-br';

export interface Machine {
  readonly name: string;
  readonly address: string;
}

export class Network implements Disposable {
  readonly machines: readonly Machine[];
  /** Where this machine is on the bridge. */
  readonly balancer = `${SUBNET}.1`;
  readonly #remove = () => this[Symbol.dispose]();
  readonly #onSignal = () => process.exit(130);

  /** @throws {Error} with what `ip` said, after everything was removed again. */
  constructor(machines: number) {
    this.machines = Array.from({ length: machines }, (_, index) => ({
      name: `serval-${index + 1}`,
      address: `${SUBNET}.${11 + index}`,
    }));
    // What an earlier run has left, if it was killed.
    this[Symbol.dispose]();
    process.on('exit', this.#remove);
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, this.#onSignal);
    try {
      ip('link', 'add', BRIDGE, 'type', 'bridge');
      ip('address', 'add', `${this.balancer}/24`, 'dev', BRIDGE);
      ip('link', 'set', BRIDGE, 'up');
      for (const machine of this.machines) this.#add(machine);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  #add({ name, address }: Machine): void {
    ip('netns', 'add', name);
    ip('link', 'add', cableOf(name), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    ip('link', 'set', cableOf(name), 'master', BRIDGE, 'up');
    ip('-n', name, 'address', 'add', `${address}/24`, 'dev', 'eth0');
    ip('-n', name, 'link', 'set', 'eth0', 'up');
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }

  /** Pulls the cable: nothing arrives any more, and nobody is told. */
  cut({ name }: Machine): void {
    ip('link', 'set', cableOf(name), 'down');
  }

  mend({ name }: Machine): void {
    ip('link', 'set', cableOf(name), 'up');
  }

  /** What to put before a command, so that it runs on the machine. */
  wordsOn({ name }: Machine): string[] {
    return ['netns', 'exec', name];
  }

  [Symbol.dispose](): void {
    process.off('exit', this.#remove);
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, this.#onSignal);
    for (const { name } of this.machines) {
      // The other end of the cable goes with the namespace, but not at once.
      spawnSync('ip', ['link', 'delete', cableOf(name)]);
      spawnSync('ip', ['netns', 'delete', name]);
    }
    spawnSync('ip', ['link', 'delete', BRIDGE]);
  }
}

function cableOf(name: string): string {
  return `${name}-up`;
}

function ip(...words: string[]): void {
  try {
    execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const { stderr, message } = error as { stderr?: Buffer; message: string };
    throw new Error(`ip ${words.join(' ')}: ${stderr?.toString().trim() || message}`);
  }
}
