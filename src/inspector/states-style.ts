/** The part of the stylesheet that is about the diagrams of states. */
export const STATES_STYLE = `
.state-figure { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: start; }
.state-figure + .state-figure { margin-top: 1.25rem; }
.state-title { flex: 1 0 100%; margin: 0 0 .375rem; font-size: .875rem; color: var(--soft); }
.state-title b { color: var(--ink); }
.state-title a { color: var(--accent); white-space: nowrap; text-decoration-color: currentColor; }
.state-figure .states { flex: 1 1 13rem; padding-top: .25rem; }
.diagram { flex: none; margin: 0 auto; max-width: 100%; height: auto; font-size: 11.25px; }
.way path { fill: none; stroke: var(--dash); stroke-width: 1.25; }
.way .arrow { fill: var(--dash); stroke: none; }
.way.taken path { stroke: var(--accent); stroke-width: 2.25; }
.way.taken .arrow { fill: var(--accent); stroke: none; }
.state rect { fill: var(--sheet); stroke: var(--dash); stroke-width: 1.25; }
.state text { fill: var(--soft); }
.state.visited rect { fill: var(--tint); stroke: var(--accent); stroke-width: 2; }
.state.visited text { fill: var(--ink); font-weight: 600; }
.state.last rect { fill: var(--accent); stroke: var(--accent); }
.state.last text { fill: var(--accent-ink); font-weight: 600; }
.events { font-size: 10.5px; paint-order: stroke; stroke: var(--sheet); stroke-width: 4px; stroke-linejoin: round; }
.events tspan { fill: var(--soft); }
.events .taken { fill: var(--accent); font-weight: 600; }
`;
