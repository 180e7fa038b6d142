/** The hooks of an application: those of the adapter's options, and those that its `resolve` finds for a request. */
import type { Hooks } from 'crossws';

type Chosen = Partial<Hooks>;

/** What the `upgrade` hook may decide. */
export interface UpgradeDecision {
  /** The answer instead of a WebSocket. */
  readonly response?: Response;
  /** Of the answer to the handshake. */
  readonly headers: Headers;
  readonly protocol: string | undefined;
  readonly namespace: string | undefined;
  readonly context: Record<string, unknown>;
  readonly deflate: boolean | undefined;
}

const NAMES = ['open', 'message', 'close', 'error', 'drain', 'ping', 'pong'] as const;
export type EventName = (typeof NAMES)[number];

/** The hooks for one connection. Those of the options come first, as in crossws. */
export class ConnectionHooks {
  readonly #all: readonly Chosen[];

  constructor(all: readonly Chosen[]) {
    this.#all = all;
  }

  /** The promises of hooks are returned, so that their faults are reported. */
  call(name: EventName, peer: unknown, detail?: unknown): Promise<unknown> | undefined {
    const pending: unknown[] = [];
    for (const hooks of this.#all) {
      const result = (hooks[name] as ((peer: unknown, detail: unknown) => unknown) | undefined)?.(
        peer,
        detail,
      );
      if (result instanceof Promise) pending.push(result);
    }
    return pending.length === 0 ? undefined : Promise.all(pending);
  }

  has(name: EventName): boolean {
    return this.#all.some((hooks) => hooks[name] !== undefined);
  }

  /** A hook may throw a `Response`, or an error that has one. */
  async upgrade(request: Request & { context?: Record<string, unknown> }): Promise<UpgradeDecision> {
    const context = request.context ?? {};
    const headers = new Headers();
    let protocol: string | undefined;
    let namespace: string | undefined;
    let deflate: boolean | undefined;
    for (const hooks of this.#all) {
      const result = await orResponse(() => hooks.upgrade?.(request));
      if (result === undefined) continue;
      if (result instanceof Response)
        return { response: result, headers, protocol, namespace, context, deflate };
      if (result.handled)
        throw new TypeError(
          'upgrade: expected a hook that leaves the upgrade to Serval, got { handled: true }',
        );
      for (const [name, value] of new Headers(result.headers)) headers.append(name, value);
      Object.assign(context, result.context);
      protocol = result.protocol ?? protocol;
      namespace = result.namespace ?? namespace;
      if (result.perMessageDeflate !== undefined) deflate = result.perMessageDeflate !== false;
    }
    protocol ??= headers.get('sec-websocket-protocol') ?? undefined;
    headers.delete('sec-websocket-protocol');
    return { headers, protocol, namespace, context, deflate };
  }
}

type UpgradeResult = Awaited<ReturnType<Hooks['upgrade']>>;

async function orResponse(
  call: () => ReturnType<Hooks['upgrade']> | undefined,
): Promise<Exclude<UpgradeResult, void> | undefined> {
  try {
    return (await call()) ?? undefined;
  } catch (error) {
    const thrown = (error as { response?: unknown } | null)?.response ?? error;
    if (thrown instanceof Response) return thrown;
    throw error;
  }
}
