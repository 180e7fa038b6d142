/** The entry point of a thread of a worker; `worker-process.ts` starts it. */
import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import { HostedModule } from './hosted-module.ts';
import { type Assignment, type FromThread, isServalMessage, type ToWorker } from './messages.ts';

const port = parentPort!;
const { assignment, thread } = workerData as { assignment: Assignment; thread: number };
const send = (message: FromThread): void => port.postMessage(message);
const hosted = new HostedModule(assignment, thread, send);

port.on('message', (message: unknown) => {
  if (!isServalMessage<ToWorker>(message)) return;
  if (message.serval === 'drain') void drain(message.grace, message.delay);
  if (message.serval === 'destroy') {
    hosted.destroy();
    process.exit(1);
  }
});
// A module that does not listen should end its thread.
port.unref();

hosted.start().catch((error: unknown) => {
  // Ends the thread even if the module handles uncaught exceptions.
  process.removeAllListeners('uncaughtException');
  setImmediate(() => {
    throw error;
  });
});

async function drain(grace: number, delay: number): Promise<void> {
  await hosted.drain(grace, delay);
  // The output of a thread passes through the event loop of its process.
  await new Promise<unknown>((resolve) => process.stdout.write('', resolve));
  send({ serval: 'drained' });
}
