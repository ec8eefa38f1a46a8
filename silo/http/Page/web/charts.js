import { html, useEffect, useRef } from './vendor/preact.js';
import { useWidth } from './map.js';
import { css, rate, percent, count, ms, tiers } from './format.js';

const span = 300;

const times = value => new Date(value * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

// A chart whose colours are those of the theme, as wide as its box, over the last five minutes.
function Chart({ id, label, data, series, height, max, values, theme, sync }) {
  const box = useRef();
  const chart = useRef();
  const width = useWidth(box);
  useEffect(() => {
    const ink = css('--muted'), grid = css('--line');
    const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif' };
    chart.current = new window.uPlot({
      width, height, legend: { show: false }, padding: [8, 26, 0, 0],
      cursor: { y: false, points: { size: 6 }, sync: { key: sync } },
      scales: { x: { time: true }, y: { range: (_, __, highest) => [0, max ?? Math.max(1, highest * 1.15)] } },
      axes: [{ ...axis, space: 90, size: 26, values: (_, ticks) => ticks.map(times) }, { ...axis, size: 46, space: 34, values: (_, ticks) => ticks.map(values) }],
      series: [{}, ...series.map(one => ({
        label: one.name, stroke: css(one.css), width: one.width ?? 1.5, spanGaps: false, points: { show: false },
        fill: one.fill ? `${css(one.css)}${one.fill}` : undefined,
      }))],
      bands: series.length > 1 && series[0].stacked ? series.slice(1).map((_, i) => ({ series: [i + 1, i + 2] })) : undefined,
    }, data, box.current);
    return () => chart.current.destroy();
  }, [theme, series.length]);
  useEffect(() => { chart.current?.setSize({ width, height }); }, [width, height]);
  useEffect(() => {
    const u = chart.current;
    u?.batch(() => {
      u.setData(data, false);
      const newest = data[0].at(-1) ?? Date.now() / 1000;
      u.setScale('x', { min: newest - span, max: newest });
    });
  }, [data]);
  return html`<div class="chart" id=${id} ref=${box} role="img" aria-label=${label}></div>`;
}

// The numbers of a point, of one region or of all that are known.
function numbers(point, chosen) {
  const known = chosen.map(i => point.regions[i]).filter(Boolean);
  return known.length ? known.reduce((sum, one) => sum.map((value, i) => value + one[i])) : null;
}

export function Charts({ snapshot, points, region, onRegion, theme }) {
  const names = snapshot.regions.map(one => one.name);
  const chosen = region ? [names.indexOf(region)] : names.map((_, i) => i);
  const rows = [];
  let former = null;
  for (const point of points) {
    // Seconds in which nobody watched are a gap and not a line.
    if (former && point.at - former > 3000) rows.push([(former + 1000) / 1000, null]);
    rows.push([point.at / 1000, numbers(point, chosen), point.editWait]);
    former = point.at;
  }
  const x = rows.map(row => row[0]);
  const of = pick => rows.map(([, row]) => row ? pick(row) : null);
  // Stacked: each series is the sum of its tier and the ones nearer to the reader, the farthest one drawn first.
  const stacked = [3, 2, 1, 0].map(last => of(row => row.slice(0, last + 1).reduce((sum, value) => sum + value, 0)));
  const lookups = row => row[0] + row[1] + row[2] + row[3];
  const smooth = pick => rows.map((_, i) => {
    let [above, below] = [0, 0];
    for (let j = Math.max(0, i - 9); j <= i; j++) {
      if (rows[j][1]) { above += pick(rows[j][1]); below += lookups(rows[j][1]); }
    }
    return rows[i][1] && below > 0 ? Math.max(0, above / below) : null;
  });
  const memory = smooth(row => row[0]);
  // The owners of the home region read for all regions, so for one alone it would say nothing.
  const saved = region ? rows.map(() => null) : smooth(row => Math.max(0, lookups(row) - row[4]));
  const waits = [1, 0].map(i => rows.map(row => row[2] ? row[2][i] : null));
  const wait = rows.at(-1)?.[2];
  const last = list => list.findLast(value => value !== null);
  const now = rows.at(-1)?.[1];
  const shown = tiers.map((tier, i) => ({ ...tier, value: now ? now[i] : null }));
  return html`<section class="panel charts" aria-labelledby="charts-title">
    <div class="head"><h2 id="charts-title">Last five minutes</h2>
      <label class="inline">of <select value=${region} onChange=${event => onRegion(event.target.value)} aria-label="Region of the charts">
        <option value="">all regions</option>${names.map(name => html`<option key=${name} value=${name}>${name}</option>`)}</select></label></div>
    <h3>Lookups per second, by the tier that answered</h3>
    <ul class="legend">${shown.map(tier => html`<li key=${tier.id}><i class=${`swatch ${tier.id}`}></i>${tier.name} <b>${rate(tier.value)}</b></li>`)}</ul>
    <${Chart} id="chart-tiers" label=${`Lookups per second by tier; now ${shown.map(tier => `${tier.name} ${rate(tier.value)}`).join(', ')}`}
      data=${[x, ...stacked]} height=${220} values=${rate} theme=${theme} sync="live"
      series=${[...tiers].reverse().map(tier => ({ ...tier, fill: 'd0', stacked: true, width: 1 }))} />
    <div class="halves">
      <div><h3>From memory${region ? '' : ', and catalog reads saved'}</h3>
        <ul class="legend"><li><i class="swatch silo"></i>from memory <b>${percent(last(memory))}</b></li>${region ? '' : html`<li><i class="swatch saved"></i>saved <b>${percent(last(saved))}</b></li>`}</ul>
        <${Chart} id="chart-ratio" label=${`Share of lookups answered from memory, ${percent(last(memory))}; catalog reads saved, ${percent(last(saved))}`}
          data=${[x, memory, saved]} height=${140} max=${1.02} values=${value => value > 1 ? '' : percent(value)} theme=${theme} sync="live"
          series=${[{ name: 'from memory', css: '--tier-silo', width: 2 }, { name: 'saved', css: '--saved', width: 2 }]} /></div>
      <div><h3>Rows ${region ? `the owners in ${region} read` : 'read'} from the catalog per second</h3>
        <ul class="legend"><li><i class="swatch catalog"></i>rows <b>${rate(now?.[4])}</b></li></ul>
        <${Chart} id="chart-rows" label=${`Rows read from the catalog per second, now ${rate(now?.[4])}`}
          data=${[x, of(row => row[4])]} height=${140} values=${rate} theme=${theme} sync="live" series=${[{ name: 'rows', css: '--tier-catalog', fill: '30' }]} /></div>
      <div><h3>Edits ${region ? `the owners in ${region} made` : 'made'} per second</h3>
        <ul class="legend"><li><i class="swatch edits"></i>edits <b>${rate(now?.[8])}</b></li></ul>
        <${Chart} id="chart-edits" label=${`Edits per second, now ${rate(now?.[8])}`}
          data=${[x, of(row => row[8])]} height=${140} values=${rate} theme=${theme} sync="live" series=${[{ name: 'edits', css: '--edits', fill: '30' }]} /></div>
      <div><h3>How long ${region ? 'all ' : ''}edits wait for the holders of leases</h3>
        <ul class="legend"><li><i class="swatch half"></i>half of them <b>${ms(wait?.[0])}</b></li><li><i class="swatch slow"></i>99 in 100 <b>${ms(wait?.[1])}</b></li></ul>
        <${Chart} id="chart-waits" label=${`How long the edits of the last ten seconds wait: half of them up to ${ms(wait?.[0])}, 99 in 100 up to ${ms(wait?.[1])}`}
          data=${[x, ...waits]} height=${140} values=${ms} theme=${theme} sync="live" series=${[{ name: '99 in 100', css: '--bad', width: 1.5 }, { name: 'half', css: '--edits', width: 2 }]} /></div>
    </div>
    <${Times} regions=${snapshot.regions.filter(one => !region || one.name === region)} />
  </section>`;
}

// How long loads took in the last ten seconds. The bars are logarithmic: from 10 microseconds to 10 seconds.
function Times({ regions }) {
  const rows = regions.flatMap(one => one.latency.map(tier => ({ ...tier, region: one.name })));
  const at = value => Math.max(0, Math.min(100, ((Math.log10(Math.max(value, 0.01)) + 2) / 6) * 100));
  return html`<div class="times"><h3>What loads took in the last ten seconds: half of them, and 99 in 100</h3>
    ${rows.length === 0 ? html`<p class="hint">Nothing had to be loaded.</p>` : html`<div class="scroll" tabindex="0" role="region" aria-label="Table of times"><table>
      <thead><tr><th scope="col">Region</th><th scope="col">Answered by</th><th scope="col" class="num">Loads</th><th scope="col" class="num">50 %</th><th scope="col" class="num">99 %</th><th scope="col" class="bar"><span class="sr">Bar</span></th></tr></thead>
      <tbody>${rows.map(row => html`<tr key=${`${row.region} ${row.tier}`}><th scope="row">${row.region}</th><td><i class=${`swatch ${row.tier}`}></i>${tiers.find(tier => tier.id === row.tier)?.name}</td>
        <td class="num">${count(row.count)}</td><td class="num">${ms(row.median)}</td><td class="num">${ms(row.slow)}</td>
        <td class="bar"><span class="span" aria-hidden="true"><i style=${{ left: `${at(row.median)}%`, width: `${Math.max(2, at(row.slow) - at(row.median))}%` }}></i></span></td></tr>`)}</tbody></table></div>`}
  </div>`;
}
