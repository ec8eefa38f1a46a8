import { html } from './vendor/preact.js';
import { rate, percent, count, bytes } from './format.js';

const sum = (items, of) => items.reduce((total, item) => total + (of(item) ?? 0), 0);

// The figures of the whole cluster, over the last ten seconds.
export function Overview({ snapshot }) {
  const regions = snapshot.regions;
  const of = name => sum(regions, region => region.recent?.[name]);
  const lookups = of('lookups');
  const silos = regions.flatMap(region => region.silos);
  const nodes = regions.flatMap(region => region.nodes);
  const rows = of('catalogRows');
  const facts = [
    ['Lookups', `${rate(lookups)}/s`, 'that reached a silo'],
    ['From memory', lookups > 0 ? percent(of('silo') / lookups) : '–', 'answered without a node or the catalog'],
    ['Catalog reads saved', lookups > 0 ? percent(Math.max(0, 1 - rows / lookups)) : '–', `${rate(rows)} rows/s are read`],
    ['In memory', count(sum(silos, silo => silo.copies)), `entries, ${bytes(sum(silos, silo => silo.bytes))}`],
    ['Edits', `${rate(of('edits'))}/s`, of('flagged') > 0 ? `${rate(of('flagged'))} flagged answers/s` : 'no answer is flagged'],
    ['Silos', `${silos.filter(silo => silo.answers).length} of ${silos.length}`, `answer; ${nodes.filter(node => node.isUp).length} of ${nodes.length} nodes are up`],
  ];
  return html`<section class="facts" aria-label="The cluster in figures">
    <dl>${facts.map(([name, value, more]) => html`<div key=${name}><dt>${name}</dt><dd><b>${value}</b><small>${more}</small></dd></div>`)}</dl>
  </section>`;
}
