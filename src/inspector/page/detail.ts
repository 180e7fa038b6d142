/** The panel about one exchange: its phases, its states, its connection, and its octets. */
import type { ConnectionRow, ExchangeDetail, ExchangeRow, Part, PartLine } from '../messages.ts';
import { bytes, duration } from './durations.ts';
import { byId, element } from './element.ts';
import { messageSection } from './octets.ts';
import { isTunnel, markOf, PHASES, phasesOf, SLOW_MS, statusText } from './phases.ts';
import { statesSection } from './states.ts';

export interface DetailActions {
  onZoom(): void;
  onClose(): void;
  onConnection(id: number): void;
}

export class Detail {
  readonly #root = byId('detail');
  readonly #explanation = byId('explanation');
  readonly #actions: DetailActions;

  constructor(actions: DetailActions) {
    this.#actions = actions;
  }

  hide(): void {
    this.#root.hidden = true;
    this.#explanation.hidden = true;
    document.body.classList.remove('has-detail');
  }

  show(
    row: ExchangeRow,
    connection: ConnectionRow | undefined,
    detail: ExchangeDetail | null,
    now: number,
  ): void {
    const octets =
      detail === null
        ? [element('p', { class: 'soft' }, 'Its octets are no longer kept.')]
        : this.#octets(detail);
    const close = element(
      'button',
      { type: 'button', class: 'plain', onclick: () => this.#actions.onClose() },
      'Close',
    );
    const heading = element('h2', { tabindex: '-1', id: 'detail-title' }, ...titleOf(row));
    this.#root.replaceChildren(
      element('div', { class: 'detail-head' }, heading, close),
      this.#buttons(detail),
      ...remarksOf(row, now, detail?.fault),
      phaseTable(row, now),
      ...statesSection(detail?.diagrams ?? []),
      this.#connectionFacts(connection),
      ...octets,
    );
    this.#root.hidden = false;
    this.#explanation.hidden = true;
    document.body.classList.add('has-detail');
    heading.focus({ preventScroll: false });
  }

  #buttons(detail: ExchangeDetail | null): HTMLElement {
    const zoom = element('button', { type: 'button', onclick: () => this.#actions.onZoom() }, 'Zoom to it');
    if (detail === null || detail.curl === '') return element('p', { class: 'buttons' }, zoom);
    const copy = element('button', { type: 'button', onclick: () => void copyCurl() }, 'Copy as curl');
    const command = element('pre', { class: 'curl', tabindex: '0', hidden: true }, detail.curl);
    const copyCurl = async (): Promise<void> => {
      command.hidden = false;
      try {
        await navigator.clipboard.writeText(detail.curl);
        copy.textContent = 'Copied';
      } catch {
        // Without the permission, it can be selected.
        copy.textContent = 'Select it below';
      }
    };
    return element('div', {}, element('p', { class: 'buttons' }, copy, zoom), command);
  }

  #connectionFacts(connection: ConnectionRow | undefined): HTMLElement {
    if (connection === undefined) return element('p', { class: 'soft' }, 'Its connection is no longer kept.');
    const { id, remote, local, tls, isHttp2, openedAt, closedAt, ending } = connection;
    const facts: (readonly [string, string])[] = [
      ['From', `${remote} to ${local}`],
      ['Protocol', isHttp2 ? 'HTTP/2: many exchanges at once' : 'HTTP/1: one exchange after the other'],
      [
        'TLS',
        tls === undefined
          ? 'None: everyone on the way can read it'
          : `${tls.protocol.replace('v', ' ')}, ${tls.cipher}, ALPN ${tls.alpnProtocol}, ${
              tls.serverName === null ? 'no server name' : `server name ${tls.serverName}`
            }, ${tls.isResumed ? 'a resumed session' : 'a new session'}, ready after ${duration(tls.at - openedAt)}`,
      ],
      ['Closed', closedAt === undefined ? 'It is open.' : (ending ?? '')],
    ];
    const only = element(
      'button',
      { type: 'button', class: 'link', onclick: () => this.#actions.onConnection(id) },
      'show only this one',
    );
    return element(
      'section',
      {},
      element('h3', {}, `Connection #${id} `, only),
      element(
        'dl',
        {},
        ...facts.map(([name, value]) =>
          element('div', {}, element('dt', {}, name), element('dd', {}, value)),
        ),
      ),
    );
  }

  #octets({ request, response, connectionFrames }: ExchangeDetail): HTMLElement[] {
    const onPart = (part: Part, line: PartLine): void => this.#explain(part, line);
    const sections = [messageSection(request, onPart), messageSection(response, onPart)];
    if (connectionFrames.length > 0) {
      const title = 'Frames of the connection';
      sections.push(messageSection({ title, lines: connectionFrames, omitted: 0 }, onPart));
    }
    return sections;
  }

  #explain(part: Part, line: PartLine): void {
    const link = ({ source, url }: { source: string; url: string }): HTMLElement =>
      element('a', { href: url, target: '_blank', rel: 'noreferrer noopener' }, source);
    const isSame = part.note === line.note;
    this.#explanation.replaceChildren(
      element('p', {}, element('b', {}, part.name), ' ', part.note, ' ', link(part)),
      ...(isSame ? [] : [element('p', {}, element('b', {}, line.title), ' ', line.note, ' ', link(line))]),
    );
    this.#explanation.hidden = false;
  }
}

function titleOf(row: ExchangeRow): (Node | string)[] {
  const status = element('span', {
    class: 'status-badge',
    'data-class': String(Math.floor(row.status / 100)),
  });
  status.textContent = statusText(row);
  return [`${row.method || 'A request that was refused'} `, element('code', {}, row.path), ' ', status];
}

function remarksOf(row: ExchangeRow, now: number, fault: ExchangeDetail['fault']): HTMLElement[] {
  const remarks: (Node | string)[][] = [];
  if (row.refused !== undefined) {
    const { sentence, section, reason } = row.refused;
    const marked = fault === undefined ? [] : [' ', ...faultLink(fault.note)];
    const before = `Refused before the application heard of it: ${sentence} (${section}, ${reason})`;
    remarks.push([before, ...marked]);
  } else if (fault !== undefined) {
    remarks.push([
      `Its content broke a rule: ${fault.sentence} (${fault.section}) `,
      ...faultLink(fault.note),
    ]);
  }
  if (row.error !== undefined) remarks.push([`Cut off: ${row.error}`]);
  if (isTunnel(row)) remarks.push(['It left HTTP: the rest of the connection belongs to another protocol.']);
  else if (markOf(row, now) === 'slow') remarks.push([`It took longer than ${SLOW_MS} ms.`]);
  return remarks.map((children) => element('p', { class: 'remark' }, ...children));
}

/** Leads to the octets that are marked. */
function faultLink(note: string): (Node | string)[] {
  const onclick = (): void => document.querySelector<HTMLElement>('.part:has(mark)')?.click();
  return [`${note} `, element('button', { type: 'button', class: 'link', onclick }, 'Show it')];
}

function phaseTable(row: ExchangeRow, now: number): HTMLElement {
  const phases = phasesOf(row, now);
  const total = Math.max(0.001, (row.endAt ?? now) - row.arrivedAt);
  const rows = phases.map(({ name, from, to }) => {
    const bar = element('i', { class: `phase ${name}` });
    bar.style.left = `${((from - row.arrivedAt) / total) * 100}%`;
    bar.style.width = `max(2px, ${((to - from) / total) * 100}%)`;
    return element(
      'tr',
      { title: PHASES[name].note },
      element('th', { scope: 'row' }, PHASES[name].title),
      element('td', { class: 'scale' }, bar),
      element('td', { class: 'number' }, duration(to - from)),
    );
  });
  return element(
    'section',
    {},
    element('h3', {}, 'Phases ', element('small', {}, duration(total))),
    element('table', { class: 'phases' }, element('tbody', {}, ...rows)),
    element('p', { class: 'soft' }, `${bytes(row.received)} received, ${bytes(row.sent)} sent`),
  );
}
