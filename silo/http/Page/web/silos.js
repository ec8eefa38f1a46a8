import { html } from './vendor/preact.js';
import { rate, percent, count, bytes, ago } from './format.js';

export function Silos({ snapshot, region }) {
  const rows = snapshot.regions.filter(one => !region || one.name === region).flatMap(one => one.silos);
  return html`<section class="panel" aria-labelledby="silos-title">
    <div class="head"><h2 id="silos-title">Silos${region ? ` of ${region}` : ''}</h2></div>
    <div class="scroll" tabindex="0" role="region" aria-label="Table of silos"><table>
      <thead><tr><th scope="col">Silo</th><th scope="col">State</th><th scope="col" class="num">Lookups/s</th><th scope="col" class="num">From memory</th>
        <th scope="col" class="num">Entries</th><th scope="col">Memory of its budget</th><th scope="col" class="num">Owners</th></tr></thead>
      <tbody>${rows.map(silo => {
        const share = silo.budgetBytes ? silo.bytes / silo.budgetBytes : 0;
        const recent = silo.recent;
        return html`<tr key=${silo.name} class=${silo.answers ? '' : 'down'} data-silo=${silo.name}>
          <th scope="row">${silo.name}</th>
          <td><span class=${`pill ${silo.answers ? 'up' : 'down'}`} title=${silo.problem ?? ''}>${silo.answers ? 'answers' : 'silent'}</span> <small>${ago(silo.since, snapshot.at)}</small></td>
          <td class="num">${rate(recent?.lookups)}</td>
          <td class="num">${recent?.lookups > 0 ? percent(recent.silo / recent.lookups) : '–'}</td>
          <td class="num">${count(silo.copies)}</td>
          <td><span class="meter" role="img" aria-label=${percent(share)}><i style=${{ width: `${Math.max(share > 0 ? 1 : 0, share * 100)}%` }}></i></span> <small>${bytes(silo.bytes)} of ${bytes(silo.budgetBytes)}</small></td>
          <td class="num">${count(silo.owners)}</td></tr>`;
      })}</tbody></table></div>
  </section>`;
}
