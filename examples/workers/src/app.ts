/** The handler that each worker runs. */
import process from 'node:process';
import { Response, type ServerContext } from 'serval';

let count = 0;

export default (_request: Request, ctx: ServerContext): Response =>
  Response.json({ process: process.pid, requests: ++count, path: ctx.path });
