/** WebSocket servers of well-known libraries on Serval, each used by its own client. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { createClient, GRAPHQL_TRANSPORT_WS_PROTOCOL, makeServer } from 'graphql-ws';
import { makeHooks } from 'graphql-ws/use/crossws';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket as WsClient } from 'ws';
import { readSyncMessage, writeSyncStep1, writeUpdate } from 'y-protocols/sync';
import { WebsocketProvider } from 'y-websocket';
import { Doc } from 'yjs';
import { crossws } from '../../src/crossws/index.ts';
import { type Handler, Response, type ServerContext } from '../../src/index.ts';
import { type ServerWebSocket, Topics } from '../../src/websocket/index.ts';
import { until } from '../support/until.ts';
import { withApp } from './with-app.ts';

/** A query, and a subscription that counts. */
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: { hello: { type: GraphQLString, resolve: () => 'world' } },
  }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      count: {
        type: GraphQLInt,
        args: { to: { type: GraphQLInt } },
        subscribe: async function* (_root: unknown, { to }: { to: number }) {
          for (let count = 1; count <= to; count++) yield { count };
        },
      },
    },
  }),
});

/** As docs/WEBSOCKET.md has it. */
function graphqlHandler(): Handler {
  const server = makeServer({ schema });
  return (_request, ctx) => {
    const socket = ctx.upgradeWebSocket({ protocol: [GRAPHQL_TRANSPORT_WS_PROTOCOL] });
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (data) => socket.send(data),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (take) => {
          socket.onmessage = ({ data }) => take(String(data));
        },
      },
      { socket },
    );
    socket.onclose = ({ code, reason }) => closed(code, reason);
    return new Response();
  };
}

function graphqlOnCrossws(): Handler {
  const ws = crossws({ hooks: makeHooks({ schema }) });
  return (request: Request, ctx: ServerContext) => ws.handleUpgrade(request, ctx);
}

for (const [name, handler] of Object.entries({ graphqlHandler, graphqlOnCrossws })) {
  test(`graphql-ws, ${name}: a query, a subscription, an invalid query, and a client without the subprotocol`, () =>
    withApp(handler(), async (port) => {
      const url = `ws://127.0.0.1:${port}/graphql`;
      const client = createClient({ url, webSocketImpl: WsClient, retryAttempts: 0 });
      const results: unknown[] = [];
      for await (const { data } of client.iterate({ query: '{ hello }' })) results.push(data);
      for await (const { data } of client.iterate({ query: 'subscription { count(to: 3) }' }))
        results.push(data);
      assert.equal(JSON.stringify(results), '[{"hello":"world"},{"count":1},{"count":2},{"count":3}]');
      await assert.rejects(client.iterate({ query: '{ none }' }).next(), ([{ message }]) => {
        return message === 'Cannot query field "none" on type "Query".';
      });
      await client.dispose();
      const other = new WsClient(url);
      assert.equal((await once(other, 'close'))[0], 4406);
    }));
}

/** The sync protocol of Yjs for one document: type 0 of y-websocket. Its second type is awareness, which is passed on as it is. */
function yjsHandler(doc: Doc): Handler {
  const topics = new Topics();
  const SYNC = 0;
  const octetsOf = (write: (encoder: encoding.Encoder) => void): Uint8Array => {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, SYNC);
    write(encoder);
    return encoding.toUint8Array(encoder);
  };
  doc.on('update', (update: Uint8Array, origin: ServerWebSocket) => {
    topics.publish(
      'doc',
      octetsOf((encoder) => writeUpdate(encoder, update)),
      origin,
    );
  });
  return (_request, ctx) => {
    const socket = ctx.upgradeWebSocket();
    socket.binaryType = 'arraybuffer';
    topics.subscribe('doc', socket);
    socket.onmessage = ({ data }) => {
      const octets = new Uint8Array(data as ArrayBuffer);
      const decoder = decoding.createDecoder(octets);
      if (decoding.readVarUint(decoder) !== SYNC) return void topics.publish('doc', octets, socket);
      const answer = octetsOf((encoder) => readSyncMessage(decoder, encoder, doc, socket));
      if (answer.length > 1) socket.send(answer);
    };
    socket.send(octetsOf((encoder) => writeSyncStep1(encoder, doc)));
    return new Response();
  };
}

test('y-websocket: two editors of a document get what the other types, and each other’s cursor', async () => {
  const ours = new Doc();
  await withApp(yjsHandler(ours), async (port) => {
    const editors = [new Doc(), new Doc()].map(
      (doc) =>
        new WebsocketProvider(`ws://127.0.0.1:${port}`, 'room', doc, {
          WebSocketPolyfill: WsClient as unknown as typeof WebSocket,
          disableBc: true,
        }),
    ) as [WebsocketProvider, WebsocketProvider];
    const [a, b] = editors;
    await until('both are in step', () => editors.every(({ synced }) => synced));
    const text = (provider: WebsocketProvider) => provider.doc.getText('text');
    text(a).insert(0, 'Hello');
    await until('b has it', () => text(b).toString() === 'Hello');
    text(b).insert(5, ', Grüße');
    await until('a has it', () => text(a).toString() === 'Hello, Grüße');
    assert.equal(ours.getText('text').toString(), 'Hello, Grüße');
    a.awareness.setLocalStateField('cursor', 7);
    await until('b sees the cursor', () =>
      [...b.awareness.getStates().values()].some((state) => state['cursor'] === 7),
    );
    for (const editor of editors) {
      editor.destroy();
      editor.doc.destroy();
    }
  });
});
