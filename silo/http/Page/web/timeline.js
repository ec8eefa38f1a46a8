import { html } from './vendor/preact.js';
import { clock, upper } from './format.js';

const most = 60;

// What the regions did, what was done to them here, and the edits made here; the newest first.
export function TimeLine({ events, done, edits }) {
  const all = [
    ...events.map(one => ({ ...one, key: `s${one.id}` })),
    ...done.map(one => ({ ...one, kind: 'Fault', key: `b${one.id}` })),
    ...edits.map(one => ({ ...one, key: one.id })),
  ].sort((one, other) => other.at - one.at).slice(0, most);
  return html`<section class="panel time" aria-labelledby="time-title">
    <div class="head"><h2 id="time-title">Time line</h2></div>
    ${all.length === 0 ? html`<p class="hint">Nothing has happened since somebody began to watch.</p>` : html`
    <ol class="events" tabindex="0" aria-label="Events, the newest first">${all.map(one => html`<li key=${one.key} class=${one.kind.toLowerCase()}>
      <time>${clock(one.at)}</time><span class="kind">${{ Up: 'up', Down: 'down', Change: 'change', Fault: 'done here', Edit: 'edit' }[one.kind]}</span><span>${upper(one.text)}</span></li>`)}</ol>`}
  </section>`;
}
