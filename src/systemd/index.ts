/**
 * `serval/systemd`: sockets that systemd opened for us, and telling it how we are.
 *
 * ```ts
 * const server = serve(handler);
 * for (const { fd } of listenFds()) await server.listen({ fd });
 * await notify('READY=1');
 * ```
 */
export { type ListenFd, listenFds } from './listen-fds.ts';
export { notify } from './notify.ts';
