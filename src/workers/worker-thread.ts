/** The entry point of a thread of a worker; `worker-process.ts` starts it. */
import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import { HostedModule } from './hosted-module.ts';
import { type Assignment, type FromThread, isServalMessage, type ToThread } from './messages.ts';
import { PortOutbox, warnOfLoss } from './outbox.ts';

const port = parentPort!;
const { assignment, thread } = workerData as { assignment: Assignment; thread: number };
const send = (message: FromThread): void => port.postMessage(message);
const outbox = new PortOutbox(port, (lost) => warnOfLoss('the process of a thread', lost));
const hosted = new HostedModule(assignment, thread, send, outbox);

port.on('message', (message: unknown) => {
  if (!isServalMessage<ToThread>(message)) return;
  if (message.serval === 'drain') void drain(message.grace, message.delay);
  if (message.serval === 'sum') hosted.onSum(message);
  if (message.serval === 'taken') outbox.onTaken();
  if (message.serval === 'batch') {
    send({ serval: 'taken' });
    hosted.deliver(message.octets);
  }
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
