// Loads each entry of the package, and asks a server: `node smoke.js`.
import { createRequire } from 'node:module';
import { Response, serve } from 'serval';
import { fetch as fetchByServal } from 'serval/client';

const require = createRequire(import.meta.url);
for (const entry of JSON.parse(process.argv[2])) {
  const imported = await import(entry);
  const required = require(entry);
  for (const name of Object.keys(imported))
    if (imported[name] !== required[name]) throw new Error(`${entry}: ${name} differs for require()`);
}
require('serval/schema');
const server = serve((request) => new Response(`You requested ${new URL(request.url).pathname}`), {
  port: 0,
});
await server.ready;
for (const ask of [fetch, fetchByServal]) console.log(await (await ask(`${server.url}hello`)).text());
await server.close();
