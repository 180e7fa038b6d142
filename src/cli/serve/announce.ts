import type { SocketAddress } from '../../io/socket-address.ts';
import type { ServeCommand } from '../arguments.ts';
import { complain, print } from '../output.ts';
import { withoutControls } from '../printable.ts';
import { urlsOf } from './addresses.ts';
import { type Announced, announcement, warnings } from './announcement.ts';
import type { Served } from './served.ts';

/** Prints where the server listens, and opens a browser if requested. */
export async function announce(
  { open }: ServeCommand,
  served: Served,
  addresses: readonly SocketAddress[],
  others: Pick<Announced, 'healthAddress' | 'metricsAddress' | 'inspectorUrl' | 'crew'>,
): Promise<void> {
  const announced = { ...served, ...others, addresses };
  print(withoutControls(announcement(announced)));
  for (const warning of warnings(announced)) complain(`warning: ${warning}`);
  const address = addresses.find(({ family }) => family !== 'unix');
  if (!open || address === undefined) return;
  const { openBrowser } = await import('./open-browser.ts');
  openBrowser(urlsOf(address, served.encryption && 'https')[0]!.url, complain);
}
