/** The stylesheet of the page of a supervisor, on that of the inspector. */
import { INSPECTOR_STYLE } from '../page-style.ts';

export const WORKERS_STYLE = `${INSPECTOR_STYLE}
.lives { margin-top: 1.25rem; }
.lives .lane { min-height: 2.25rem; }
.life { position: absolute; top: 6px; height: 20px; display: block; overflow: hidden; }
.legend .life { position: static; height: .625rem; }
.life.starting { background: repeating-linear-gradient(45deg, var(--waiting) 0 3px, transparent 3px 6px); }
.life.ready { background: var(--content-out); }
.life.draining { background: repeating-linear-gradient(90deg, var(--handler) 0 8px, color-mix(in srgb, var(--handler) 55%, transparent) 8px 12px); }
.mark-line { position: absolute; top: 0; bottom: 0; width: 2px; background: var(--ink); }
section:has(> [role=log]) { margin-top: 1.25rem; }
#events { border-top: 1px solid var(--line); margin-top: .5rem; }
#events li { display: grid; grid-template-columns: 6rem minmax(0, 1fr); gap: .75rem; padding: .375rem 0; border-bottom: 1px solid var(--line); font-size: .875rem; }
#events time { color: var(--soft); font-variant-numeric: tabular-nums; }
#events [data-type=died], #events [data-type=killed], #events [data-type=hung], #events [data-type='not started'] { color: var(--fail); }
tr.gone > * { color: var(--soft); }
tbody th { width: auto; max-width: none; font-variant-numeric: tabular-nums; }
@media (max-width: 48rem) {
  thead th:nth-child(4), tbody td:nth-child(4) { display: table-cell; }
  .lives .lane { padding-bottom: 0; }
}
`;
