/** The second tab of the page, without data. */
export const TRY_IT_PANEL = `<div id="try-view" class="view" role="tabpanel" aria-labelledby="tab-try" hidden>
<div class="try-choice">
<p class="try-lead">Choose what a client does. One in the server’s own process does it at once, octet for octet, and you see both sides.</p>
<form id="try-aim" aria-label="What the experiments aim at">
<label>Path <input id="try-path" value="/" list="try-paths" maxlength="500" autocomplete="off" autocapitalize="off" spellcheck="false"></label>
<datalist id="try-paths"></datalist>
<label id="try-place-label">Server <select id="try-place"></select></label>
</form>
<p id="try-note" class="try-note" hidden></p>
<div id="try-cards" role="toolbar" aria-label="Experiments" aria-orientation="vertical"></div>
</div>
<section id="outcome" aria-labelledby="outcome-title">
<div id="outcome-empty"><h2 id="outcome-title">Nothing tried yet</h2>
<p>The octets of both sides appear here in their order, each part coloured, with the time since the experiment began, and what they show in a few sentences.</p></div>
<div id="outcome-result" hidden></div>
</section>
<p id="try-said" class="visually-hidden" role="status"></p>
</div>`;
