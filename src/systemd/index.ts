/**
 * `serval/systemd`: socket activation and service notifications.
 *
 * ```ts
 * const server = serve(handler);
 * for (const { fd } of listenFds()) await server.listen({ fd });
 * await notify('READY=1');
 * ```
 */
export { type ListenFd, listenFds } from './listen-fds.ts';
export { notify } from './notify.ts';
