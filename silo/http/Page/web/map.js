import { html, useEffect, useRef, useState } from './vendor/preact.js';
import { ms, rate, percent } from './format.js';

const smallest = 0.02;

export function useWidth(ref) {
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWidth(Math.max(200, Math.floor(entry.contentRect.width))));
    watch.observe(ref.current);
    return () => watch.disconnect();
  }, []);
  return width;
}

// Three regions fill the space as a triangle; more stand on an ellipse.
function placesOf(names, width, height, radius) {
  const [edge, floor] = [radius + 8, height - radius - 26];
  // The name of the upper region stands above it, clear of the distances.
  if (names.length === 3) return new Map(names.map((name, i) => [name, [{ x: width / 2, y: edge + 18, above: true }, { x: width - edge - width * 0.05, y: floor }, { x: edge + width * 0.05, y: floor }][i]]));
  const [cx, cy, rx, ry] = [width / 2, height / 2, width / 2 - radius - 8, height / 2 - radius - 26];
  return new Map(names.map((name, i) => {
    const angle = names.length === 1 ? null : names.length === 2 ? Math.PI + i * Math.PI : -Math.PI / 2 + (i * 2 * Math.PI) / names.length;
    if (angle === null) return [name, { x: cx, y: cy }];
    return [name, { x: cx + rx * Math.cos(angle), y: cy + ry * Math.sin(angle) }];
  }));
}

const point = (radius, turn) => [radius * Math.sin(turn * 2 * Math.PI), -radius * Math.cos(turn * 2 * Math.PI)];

function arc(radius, from, to) {
  if (to - from >= 0.9999) return `M0,${-radius}A${radius},${radius},0,1,1,0,${radius}A${radius},${radius},0,1,1,0,${-radius}`;
  const [x1, y1] = point(radius, from), [x2, y2] = point(radius, to);
  return `M${x1.toFixed(2)},${y1.toFixed(2)}A${radius},${radius},0,${to - from > 0.5 ? 1 : 0},1,${x2.toFixed(2)},${y2.toFixed(2)}`;
}

function slicesOf(nodes) {
  const total = nodes.reduce((sum, node) => sum + Math.max(node.share, smallest), 0);
  let at = 0;
  return nodes.map((node, i) => {
    const from = at;
    at += Math.max(node.share, smallest) / total;
    const gap = nodes.length > 1 ? Math.min(0.006, (at - from) / 4) : 0;
    return { node, from: from + gap, to: at - gap, shade: i % 2 };
  });
}

function Region({ region, at, radius, chosen, place, onRegion }) {
  const silos = region.silos;
  const columns = Math.max(1, Math.ceil(Math.sqrt(silos.length)));
  const rows = Math.max(1, Math.ceil(silos.length / columns));
  const inner = radius - 20;
  const step = Math.min(26, (inner * 1.35) / Math.max(columns, rows));
  const state = !region.answers ? 'down' : region.silos.some(silo => !silo.answers) || region.nodes.some(node => !node.isUp) ? 'hurt' : 'up';
  const down = region.nodes.filter(node => !node.isUp).length;
  const label = `${region.name}${region.isHome ? ', home' : ''}: ${region.silos.filter(silo => silo.answers).length} of ${silos.length} silos answer, `
    + `${region.nodes.length - down} of ${region.nodes.length} nodes are up`;
  const choose = () => onRegion(chosen ? '' : region.name);
  // The texts are beside the button: its label says what they say, and more.
  return html`<g class=${`region ${state} ${chosen ? 'chosen' : ''}`} transform=${`translate(${at.x.toFixed(1)},${at.y.toFixed(1)})`}>
    <g class="choose" role="button" tabindex="0" aria-pressed=${chosen} aria-label=${label} data-region=${region.name}
      onClick=${choose} onKeyDown=${event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); choose(); } }}>
    <circle class="disc" r=${radius} />
    ${slicesOf(region.nodes).map(({ node, from, to, shade }) => html`<path key=${node.name} class=${`node ${node.isUp ? `up shade${shade}` : 'down'} ${place === node.name ? 'holds' : ''}`}
      d=${arc(radius - 7, from, to)}><title>${`${node.name} at ${node.address}: ${node.isUp ? `${percent(node.share)} of the keys` : 'off the ring'}`}</title></path>`)}
    ${slicesOf(region.nodes).filter(slice => slice.node.name === place).map(({ from, to }) => {
      const [x, y] = point(radius - 7, region.nodes.length > 1 ? (from + to) / 2 : 0);
      return html`<circle class="lies" cx=${x} cy=${y} r="7"><title>The key lies here</title></circle>`;
    })}
    ${silos.map((silo, i) => {
      const [column, row] = [i % columns, Math.floor(i / columns)];
      const inRow = row === rows - 1 ? silos.length - row * columns : columns;
      return html`<circle key=${silo.name} class=${`silo ${silo.answers ? 'up' : 'down'}`} cx=${(column - (inRow - 1) / 2) * step}
        cy=${(row - (rows - 1) / 2) * step - 7} r=${Math.max(4, step * 0.36)}><title>${`${silo.name}: ${silo.answers ? 'answers' : silo.problem}`}</title></circle>`;
    })}
    </g>
    <text class="pace" aria-hidden="true" y=${inner * 0.66}>${region.answers ? `${rate(region.recent?.lookups ?? 0)}/s` : 'silent'}</text>
    <text class="name" aria-hidden="true" y=${at.above ? -radius - 8 : radius + 17}>${region.name}${region.isHome ? ' ⌂' : ''}</text>
  </g>`;
}

function Way({ from, to, ways, radius }) {
  const there = ways.find(way => way.from === from.name && way.to === to.name);
  const back = ways.find(way => way.from === to.name && way.to === from.name);
  const best = there ?? back;
  const [dx, dy] = [to.at.x - from.at.x, to.at.y - from.at.y];
  const length = Math.hypot(dx, dy) || 1;
  const trim = radius + 5;
  const grown = best && best.time > 2 * best.first && best.time > best.first + 20;
  const [x, y] = [from.at.x + dx / 2, from.at.y + dy / 2];
  const text = best ? ms(Math.max(there?.time ?? 0, back?.time ?? 0)) : '?';
  return html`<g class=${`way ${from.answers && to.answers ? '' : 'cut'} ${grown ? 'grown' : ''}`}>
    <line x1=${from.at.x + (dx / length) * trim} y1=${from.at.y + (dy / length) * trim} x2=${to.at.x - (dx / length) * trim} y2=${to.at.y - (dy / length) * trim} />
    <rect x=${x - 28} y=${y - 11} width="56" height="22" rx="11" /><text x=${x} y=${y + 4}>${text}</text>
  </g>`;
}

export function RegionMap({ snapshot, region, onRegion, places }) {
  const box = useRef();
  const width = useWidth(box);
  const regions = snapshot.regions;
  const height = Math.round(Math.min(440, Math.max(310, width * 0.7)));
  const radius = Math.round(Math.max(38, Math.min(86, (Math.min(width, height) / Math.max(3, regions.length)) * 0.6)));
  const at = placesOf(regions.map(one => one.name), width, height, radius);
  const pairs = regions.flatMap((one, i) => regions.slice(i + 1).map(other => [one, other]));
  const chosen = regions.find(one => one.name === region);
  return html`<section class="panel map" aria-labelledby="map-title">
    <div class="head"><h2 id="map-title">Regions</h2><p>Inside: silos. The ring: its nodes, by share of the keys. Lines: measured round trips.</p></div>
    <div ref=${box}><svg width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`} role="group" aria-label="Regions and the distances between them">
      ${pairs.map(([one, other]) => html`<${Way} key=${`${one.name} ${other.name}`} from=${{ ...one, at: at.get(one.name) }} to=${{ ...other, at: at.get(other.name) }} ways=${snapshot.distances} radius=${radius} />`)}
      ${regions.map(one => html`<${Region} key=${one.name} region=${one} at=${at.get(one.name)} radius=${radius} chosen=${one.name === region} place=${places[one.name]} onRegion=${onRegion} />`)}
    </svg></div>
    ${chosen ? html`<${Ring} region=${chosen} place=${places[chosen.name]} />` : html`<p class="hint">Choose a region to see its ring${Object.keys(places).length ? '' : ', and look a key up below to see where it lies'}.</p>`}
  </section>`;
}

function Ring({ region, place }) {
  return html`<div class="ring"><h3>The ring of ${region.name}, version ${region.ringVersion}</h3>
    <ul>${region.nodes.map(node => html`<li key=${node.name} class=${node.isUp ? '' : 'down'}>
      <span class="who"><b>${node.name}</b> <small>${node.address}</small>${place === node.name ? html`<em class="tag">the key lies here</em>` : ''}</span>
      <span class="meter" role="img" aria-label=${node.isUp ? `${percent(node.share)} of the keys` : 'off the ring'}><i style=${{ width: `${node.share * 100}%` }}></i></span>
      <span class="num">${node.isUp ? percent(node.share) : 'down'}</span></li>`)}</ul></div>`;
}
