import { html, useState } from './vendor/preact.js';
import { post, get } from './net.js';

const paces = [0, 20, 200, 1000];

const actions = {
  running: [['pause', 'Pause'], ['kill', 'Kill']],
  paused: [['resume', 'Resume'], ['kill', 'Kill']],
  ended: [['restart', 'Start']],
  starting: [],
};

export function BreakPanel({ list, setList }) {
  const [busy, setBusy] = useState('');
  const [problem, setProblem] = useState('');
  const act = async (path, what) => {
    setBusy(what);
    setProblem('');
    try {
      setList(await post(`/v1/break/${path}`));
    } catch (error) {
      setProblem(`${what}: ${error.message}`);
      try { setList(await get('/v1/break')); } catch { /* The next second asks again. */ }
    }
    setBusy('');
  };
  const process = (kind, one, name) => {
    const more = kind === 'silo' && one.state === 'running' ? [['stop', 'Stop'], ['restart', 'Restart']] : [];
    return html`<li key=${`${kind}/${one.name}`} class=${one.state} data-break=${`${kind}/${one.name}`}>
      <span class="who"><b>${name}</b> <span class=${`pill ${one.state === 'running' ? 'up' : one.state === 'ended' ? 'down' : 'wait'}`}>${one.state}</span></span>
      <span class="buttons">${[...actions[one.state], ...more].map(([action, label]) => html`<button key=${action} class=${action === 'kill' ? 'danger' : ''}
        onClick=${() => act(`${kind}/${encodeURIComponent(one.name)}/${action}`, `${label} ${name}`)} aria-label=${`${label} ${name}`}>${label}</button>`)}</span></li>`;
  };
  return html`<section class="panel break" aria-labelledby="break-title">
    <div class="head"><h2 id="break-title">Break it</h2><p>This cluster runs on your machine only. Break a part, and see above what the others do.</p></div>
    <p class="sr" role="status">${busy ? `${busy} …` : ''}</p>
    ${problem && html`<p class="wrong" role="alert">${problem}</p>`}
    <div class="columns">
      <div><h3>Silos</h3><ul>${list.silos.map(one => process('silo', one, one.name))}</ul></div>
      <div><h3>Redis</h3><ul>${list.redis.map(one => process('redis', one, one.name === 'clustering' ? 'clustering' : `node of ${one.name}`))}</ul></div>
      ${list.links.length > 0 && html`<div><h3>Links between regions</h3><ul>${list.links.map(link => {
        const path = `link/${link.one}/${link.other}`;
        const name = `${link.one} – ${link.other}`;
        return html`<li key=${path} data-break=${path}><span class="who"><b>${name}</b> <span class=${`pill ${link.isCut ? 'down' : 'up'}`}>${link.isCut ? 'cut' : `${Math.round(link.milliseconds)} ms`}</span></span>
          <span class="buttons"><button onClick=${() => act(`${path}/${link.isCut ? 'heal' : 'cut'}`, `${link.isCut ? 'Heal' : 'Cut'} ${name}`)}>${link.isCut ? 'Heal' : 'Cut'}</button>
          <button onClick=${() => act(`${path}/distance?ms=${Math.max(10, Math.round(link.milliseconds / 2))}`, `Nearer ${name}`)} aria-label=${`Bring ${name} nearer`}>½×</button>
          <button onClick=${() => act(`${path}/distance?ms=${Math.min(2000, Math.max(20, Math.round(link.milliseconds * 2)))}`, `Farther ${name}`)} aria-label=${`Take ${name} farther apart`}>2×</button></span></li>`;
      })}</ul></div>`}
      <div><h3 id="traffic-title">Make some traffic</h3><p class="hint">Lookups a second, from each region:</p>
        <div class="buttons seg" role="group" aria-labelledby="traffic-title">${paces.map(pace => html`<button key=${pace} aria-pressed=${list.traffic === pace}
          onClick=${() => act(`traffic/${pace}`, pace ? `${pace} lookups a second` : 'No traffic')}>${pace || 'off'}</button>`)}</div></div>
    </div>
  </section>`;
}
