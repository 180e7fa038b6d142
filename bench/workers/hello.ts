/** The measured application: a minimal response that names its worker. */
import process from 'node:process';
import { threadId } from 'node:worker_threads';
import { type FetchFunction, Response } from '../../src/index.ts';

const headers = { 'X-Worker': `${process.pid}.${threadId}` };

const hello: FetchFunction = () => new Response('Hello, world!', { headers });

export default hello;
