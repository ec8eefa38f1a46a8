import { html } from './vendor/preact.js';
import { rate, percent } from './format.js';

// The keys that are looked up most; one that is chosen is looked up below.
export function HotKeys({ snapshot, onKey }) {
  const keys = snapshot.hotKeys;
  const most = Math.max(0.01, ...keys.map(one => one.share));
  const everywhere = snapshot.regions.length;
  return html`<section class="panel hot" aria-labelledby="hot-title">
    <div class="head"><h2 id="hot-title">Hottest keys</h2><p>Of the lookups that reach a silo.</p></div>
    ${keys.length === 0 ? html`<p class="hint">No key stands out.</p>` : html`<div class="scroll" tabindex="0" role="region" aria-label="Table of the hottest keys"><table>
      <thead><tr><th scope="col">Key</th><th scope="col">Looked up in</th><th scope="col" class="num">Per second</th><th scope="col" class="num">Share</th><th scope="col" class="bar"><span class="sr">Bar</span></th></tr></thead>
      <tbody>${keys.map(one => html`<tr key=${one.key} data-hot=${one.key}>
        <th scope="row"><button class="link" title=${`Look up ${one.key}`} onClick=${() => onKey(one.key)}>${one.key}</button></th>
        <td>${one.regions.length === everywhere && everywhere > 1 ? 'all regions' : one.regions.join(', ')}</td>
        <td class="num">${rate(one.rate)}</td><td class="num">${percent(one.share)}</td>
        <td class="bar"><span class="span" aria-hidden="true"><i style=${{ left: 0, width: `${Math.max(1, (one.share / most) * 100)}%` }}></i></span></td></tr>`)}</tbody></table></div>`}
  </section>`;
}
