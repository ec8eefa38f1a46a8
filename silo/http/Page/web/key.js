import { html, useEffect, useRef, useState } from './vendor/preact.js';
import { ask, get, post } from './net.js';
import { ms, left, clock } from './format.js';

const first = 'book::1984';
const query = values => new URLSearchParams(values).toString();

// A clock that makes leases run down.
function useNow(every, on) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!on) return undefined;
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [on]);
  return now;
}

// The copies of a key, asked for once a second while there is a key.
function useCopies(key, bump) {
  const [copies, setCopies] = useState(null);
  useEffect(() => {
    setCopies(null);
    if (!key) return undefined;
    let timer, ended = false;
    const again = async () => {
      try {
        const seen = await get(`/v1/live/copies?${query({ key })}`);
        if (!ended) setCopies({ ...seen, got: Date.now() });
      } catch (error) {
        if (!ended) setCopies(old => ({ regions: [], ...old, problem: error.message }));
      }
      if (!ended) timer = setTimeout(again, 1000);
    };
    again();
    return () => { ended = true; clearTimeout(timer); };
  }, [key, bump]);
  return copies;
}

function Catalog({ catalog }) {
  return html`<tbody><tr data-catalog="row"><th scope="row">catalog <small>system of record</small></th>
    <td>${catalog.problem ? html`<span class="pill down" title=${catalog.problem}>not known</span>`
      : html`<span class="pill">${catalog.exists ? `version ${catalog.version}` : catalog.version ? 'removed' : 'no book'}</span>`}</td>
    <td colspan="3"><span class="quiet">${catalog.problem ?? 'as the key’s owner reads it'}</span></td></tr></tbody>`;
}

function Copy({ copy, catalog, passed }) {
  const lease = Math.max(0, copy.lease - passed);
  const known = catalog && !catalog.problem;
  const same = known && copy.version === catalog.version && copy.tag === catalog.tag;
  const state = copy.problem ? 'silent' : !copy.holds ? 'none' : !known ? 'unknown' : !same ? 'different' : copy.isNode || lease > 0 ? 'same' : 'ended';
  return html`<tr class=${state} data-copy=${copy.place} data-state=${state}>
    <th scope="row">${copy.place} <small>${copy.isNode ? 'node' : 'silo'}</small></th>
    <td>${copy.problem ? html`<span class="pill down" title=${copy.problem}>silent</span>` : !copy.holds ? html`<span class="quiet">nothing</span>`
      : html`<span class=${`pill ${!known ? '' : same ? 'up' : 'down'}`}>${copy.exists ? `version ${copy.version}` : 'no book'}</span>${copy.title ? html` <span class="title">${copy.title}</span>` : ''}`}</td>
    <td>${!copy.holds || copy.isNode ? html`<span class="quiet">${copy.holds ? 'asks the owner' : ''}</span>`
      : lease > 0 ? html`<span class="meter lease" aria-hidden="true"><i style=${{ width: `${Math.min(100, lease / 100)}%` }}></i></span> <span class="num">${left(lease)}</span>` : html`<span class="quiet">ended</span>`}</td>
    <td class="num">${copy.holds ? left(Math.max(0, copy.timeToLive - passed)) : ''}</td>
    <td class="num">${copy.clients || ''}</td></tr>`;
}

// What each step took, and when: the bar of all of them is the whole lookup.
function Steps({ steps, elapsed }) {
  const whole = Math.max(elapsed, 0.001, ...steps.map(step => (step.start ?? 0) + step.time));
  const at = value => `${(value / whole) * 100}%`;
  return html`<ol class="steps">${steps.map((step, i) => html`<li key=${i} class=${step.kind}>
    <span class="kind">${step.kind}</span><span class="what"><b>${step.place}</b> ${step.text}</span>
    <span class="track" aria-hidden="true">${step.start == null ? '' : html`<i style=${{ left: at(step.start), width: at(step.time) }}></i>`}</span>
    <span class="num">${step.start === 0 && step.time === 0 ? '' : ms(step.time)}</span></li>`)}</ol>`;
}

function Way({ way }) {
  return html`<div class="way"><h3>${way.answered ? html`${way.found ? html`<b>${way.book.title}</b>` : 'There is no such book'} <small>answered by ${{ near: 'this server’s own memory', silo: 'a silo’s memory', redis: `node ${way.node}`, owner: 'the owner', catalog: 'the catalog' }[way.tier]}
      ${way.tier === 'near' ? '' : ` of ${way.region}`} in ${ms(way.elapsed)}</small>` : 'No answer'}</h3>
    <${Steps} steps=${way.steps} elapsed=${way.elapsed} />
    ${way.answered && html`<p class="hint">Read by a reader in ${way.reader}${way.found ? `, version ${way.version}` : ''}, ${ms(way.age)} old, to be kept for ${left(way.timeToLive)}${way.flags.length ? `; flagged ${way.flags.join(', ').toLowerCase()}` : ''}.</p>`}
  </div>`;
}

function Editor({ keyOf, way, onDone, note }) {
  const book = way?.book;
  const [state, setState] = useState({});
  const form = useRef();
  const save = async event => {
    event.preventDefault();
    const fields = new FormData(form.current);
    const next = { ...book, title: fields.get('title').trim(), author: fields.get('author').trim() };
    const year = parseInt(fields.get('year'), 10);
    if (Number.isNaN(year)) delete next.year; else next.year = year;
    for (const name of Object.keys(next)) if (next[name] === null) delete next[name];
    setState({ busy: true });
    try {
      const began = performance.now();
      const condition = way.found ? { 'If-Match': `"${way.version}-${way.tag}"` } : { 'If-None-Match': '*' };
      const { body } = await ask(`/v1/books/${encodeURIComponent(keyOf)}`, { method: 'PUT', headers: { 'Content-Type': 'application/json', ...condition }, body: JSON.stringify(next) });
      const took = ms(performance.now() - began);
      setState({ done: body?.outcome === 'unchanged' ? 'Nothing had changed.' : `Version ${body?.version} was acknowledged after ${took}: every lookup that starts from now on sees it.` });
      note(`${keyOf} was edited here: version ${body?.version}, acknowledged after ${took}`);
      onDone();
    } catch (error) {
      setState({ wrong: error.status === 412 ? `Somebody else has edited it meanwhile. ${error.message}` : error.message });
    }
  };
  return html`<form class="edit" ref=${form} onSubmit=${save} key=${`${keyOf} ${way.version}`}>
    <h3>${way.found ? `Edit it, if it is still version ${way.version}` : 'Write it'}</h3>
    <div class="fields"><label>Title <input name="title" required defaultValue=${book?.title ?? ''} /></label>
    <label>Author <input name="author" defaultValue=${book?.author ?? ''} /></label>
    <label class="short">Year <input name="year" inputmode="numeric" pattern="-?[0-9]*" defaultValue=${book?.year ?? ''} /></label>
    <button class="primary" disabled=${state.busy}>${state.busy ? 'Saving …' : 'Save'}</button></div>
    <p role="status" class=${state.wrong ? 'wrong' : 'good'}>${state.done ?? state.wrong ?? ''}</p></form>`;
}

export function KeyPanel({ snapshot, wanted, onPlaces, note }) {
  const input = useRef();
  const [key, setKey] = useState('');
  const [region, setRegion] = useState('');
  const [way, setWay] = useState(null);
  const [problem, setProblem] = useState('');
  const [bump, setBump] = useState(0);
  const copies = useCopies(key, bump);
  const now = useNow(100, copies !== null && copies.regions.length > 0);
  useEffect(() => {
    onPlaces(Object.fromEntries((copies?.regions ?? []).filter(one => one.node).map(one => [one.region, one.node])));
  }, [copies]);
  useEffect(() => {
    if (!wanted) return;
    input.current.value = wanted.key;
    lookUp();
    input.current.scrollIntoView({ block: 'center' });
  }, [wanted]);
  const lookUp = async event => {
    event?.preventDefault();
    const asked = input.current.value.trim();
    if (!asked) return;
    setProblem('');
    if (asked !== key) setWay(null);
    setKey(asked);
    try {
      const seen = await get(`/v1/live/lookup?${query(region ? { key: asked, region } : { key: asked })}`);
      setWay(seen);
      if (!seen.answered) setProblem(seen.problem);
    } catch (error) {
      setProblem(error.message);
    }
    setBump(value => value + 1);
  };
  const drop = async () => {
    try {
      await Promise.all(snapshot.regions.map(one => post(`/v1/regions/${one.name}/purge`, { keys: [key] })));
      note(`the copies of ${key} were dropped in every region`);
      setProblem('');
    } catch (error) {
      setProblem(error.message);
    }
    setBump(value => value + 1);
  };
  const passed = copies ? now - copies.got : 0;
  return html`<section class="panel keys" aria-labelledby="key-title">
    <div class="head"><h2 id="key-title">Where is this key?</h2><p>Every copy in every region, under which lease, and the way that a lookup takes.</p></div>
    <form class="fields" onSubmit=${lookUp}>
      <label>Key <input ref=${input} name="key" required defaultValue=${first} spellcheck="false" autocomplete="off" /></label>
      <label>as a reader in <select value=${region} onChange=${event => setRegion(event.target.value)}><option value="">${snapshot.region} (this server)</option>
        ${snapshot.regions.filter(one => one.name !== snapshot.region).map(one => html`<option key=${one.name} value=${one.name}>${one.name}</option>`)}</select></label>
      <button class="primary">Look it up</button>
      ${key && html`<button type="button" onClick=${drop} title="Its copies in silos, nodes and clients; not the book">Drop its copies</button>`}
    </form>
    ${problem && html`<p class="wrong" role="alert">${problem}</p>`}
    ${key && html`<div class="found">
      <div class="left">${way && html`<${Way} way=${way} />`}${way?.answered && html`<${Editor} keyOf=${key} way=${way} note=${note} onDone=${lookUp} />`}</div>
      <div class="scroll" tabindex="0" role="region" aria-label="Copies of the key"><table class="copies"><caption class="sr">Copies of ${key}</caption>
        <thead><tr><th scope="col">Where</th><th scope="col">Holds</th><th scope="col">Lease</th><th scope="col" class="num">To live</th><th scope="col" class="num">Clients</th></tr></thead>
        ${copies?.catalog && html`<${Catalog} catalog=${copies.catalog} />`}
        ${copies?.regions.map(one => html`<tbody key=${one.region}><tr class="group"><th colspan="5" scope="rowgroup">${one.region}${one.problem ? html` <span class="wrong">${one.problem}</span>` : ''}</th></tr>
          ${one.copies.map(copy => html`<${Copy} key=${copy.place} copy=${copy} catalog=${copies.catalog} passed=${passed} />`)}</tbody>`)}
      </table>${copies?.problem && html`<p class="wrong">${copies.problem}</p>`}
      <p class="hint">Green: what the catalog holds. Red: something else. A silo answers from its copy only under a lease; a node's copy only when the owner confirms it.${copies?.got ? ` Seen at ${clock(copies.got)}.` : ''}</p></div>
    </div>`}
  </section>`;
}
