/**
 * `serval/inspector`: a page that shows what happens on the connections of a server.
 *
 * ```ts
 * const server = serve(handler, { port: 4221 });
 * const { url } = await inspector(server);
 * console.log(url);   // http://127.0.0.1:40123/8f2c…/ to be opened on this machine
 * ```
 */
export { type Inspector, inspector } from './inspector.ts';
export type { InspectorOptions } from './options.ts';
