import { html, render, useEffect, useState, useRef } from './vendor/preact.js';
import { read, get, onKeyNeeded, setKey } from './net.js';
import { Overview } from './overview.js';
import { RegionMap } from './map.js';
import { Charts } from './charts.js';
import { HotKeys } from './hotkeys.js';
import { Silos } from './silos.js';
import { KeyPanel } from './key.js';
import { BreakPanel } from './breakit.js';
import { TimeLine } from './timeline.js';
import { clock, upper, ago } from './format.js';

const mostPoints = 300;
const retry = 1000;

// What the stream has told: the newest snapshot, the seconds before it, and how the stream is doing.
function useLive(attempt) {
  const [live, setLive] = useState({ snapshot: null, points: [], state: 'connecting', since: Date.now() });
  useEffect(() => {
    const ending = new AbortController();
    (async () => {
      while (!ending.signal.aborted) {
        let problem = 'The stream has ended.';
        try {
          await read('/v1/live', headers => setLive(old => ({ ...old, front: headers.has('X-OrleansCache-Front') })), message => setLive(old => {
            // Another silo's history takes the place of the former one's only where it knows more.
            let points = old.points;
            if (message.history) points = message.history.length >= points.length ? message.history : points;
            if (message.point) points = [...points, message.point].slice(-mostPoints);
            return { ...old, snapshot: message.snapshot, points, state: 'open', since: Date.now(), skew: Date.now() - message.snapshot.at };
          }), ending.signal);
        } catch (error) {
          problem = error.name === 'AbortError' ? 'The server has fallen silent.' : error.message;
          if (error.status === 401) { setLive(old => ({ ...old, state: 'locked', problem })); return; }
        }
        if (ending.signal.aborted) return;
        setLive(old => ({ ...old, state: 'broken', problem, since: old.state === 'broken' ? old.since : Date.now() }));
        await new Promise(done => setTimeout(done, retry));
      }
    })();
    return () => ending.abort();
  }, [attempt]);
  return live;
}

// What can be broken: only on a local cluster, whose front says by a header that it is there. Null elsewhere.
function useBreak(front) {
  const [list, setList] = useState(null);
  useEffect(() => {
    if (!front) return undefined;
    let timer, ended = false;
    const again = async () => {
      let next = 1000;
      try {
        setList(await get('/v1/break'));
      } catch (error) {
        next = error.status === 404 ? 60000 : 2000;
      }
      if (!ended) timer = setTimeout(again, next);
    };
    again();
    return () => { ended = true; clearTimeout(timer); };
  }, [front]);
  return [front ? list : null, setList];
}

function useTheme() {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const [theme, setTheme] = useState(root.dataset.theme ?? (dark.matches ? 'dark' : 'light'));
  useEffect(() => {
    const follow = () => { if (!root.dataset.theme) setTheme(dark.matches ? 'dark' : 'light'); };
    dark.addEventListener('change', follow);
    return () => dark.removeEventListener('change', follow);
  }, []);
  const toggle = () => {
    const next = theme === 'dark' ? 'light' : 'dark';
    root.dataset.theme = next;
    localStorage.setItem('theme', next);
    setTheme(next);
  };
  return [theme, toggle];
}

function Status({ live }) {
  const text = {
    connecting: 'Connecting …',
    open: `Live from ${live.snapshot?.silo}`,
    broken: `No connection since ${clock(live.since)}, trying again`,
    locked: 'A key is needed',
  }[live.state];
  return html`<span class=${`status ${live.state}`} role="status"><i class="dot"></i>${text}</span>`;
}

function Locked({ wrong, onKey }) {
  const input = useRef();
  useEffect(() => { input.current?.focus(); }, []);
  const send = event => { event.preventDefault(); onKey(input.current.value.trim()); };
  return html`<main class="locked"><form class="panel" onSubmit=${send}>
    <h1>This cluster asks for a key</h1>
    <p>${wrong ? 'That key is not known. ' : ''}Give an API key of it that may read. It is kept in this page's memory only.</p>
    <label for="apikey">API key</label>
    <input id="apikey" ref=${input} type="password" autocomplete="off" required />
    <button class="primary">Open</button>
  </form></main>`;
}

function Advice({ advice, live }) {
  const broken = live.state === 'broken'
    ? [{ id: 'stream', state: 'Problem', title: 'This page has no connection', reason: `${live.problem} What it shows is from ${clock(live.snapshot.at + live.skew)}.`, whatToDo: 'It tries again every second.' }]
    : [];
  const all = [...broken, ...advice];
  return html`<section class="advice" aria-label="Advice" aria-live="polite">
    ${all.map(one => html`<div key=${one.id} class=${`card ${one.state.toLowerCase()}`} data-advice=${one.id}>
      <span class="mark" aria-hidden="true"></span>
      <div><h2><span class="sr">${one.state === 'Ok' ? '' : `${one.state}: `}</span>${upper(one.title)}</h2>
      <p>${one.reason}${one.whatToDo ? html` <b>${one.whatToDo}</b>` : ''}</p></div>
    </div>`)}
  </section>`;
}

function App() {
  const [attempt, setAttempt] = useState(0);
  const [locked, setLocked] = useState(null);
  const live = useLive(attempt);
  const [list, setList] = useBreak(live.front);
  const [theme, toggle] = useTheme();
  const [region, setRegion] = useState('');
  const [places, setPlaces] = useState({});
  const [edits, setEdits] = useState([]);
  const [wanted, setWanted] = useState(null);
  useEffect(() => onKeyNeeded(wrong => setLocked({ wrong })), []);
  if (locked) {
    return html`<${Locked} wrong=${locked.wrong} onKey=${key => { setKey(key); setLocked(null); setAttempt(attempt + 1); }} />`;
  }
  const { snapshot } = live;
  const note = text => setEdits(old => [...old, { id: `e${old.length}`, at: Date.now() - (live.skew ?? 0), kind: 'Edit', region: '', text }].slice(-100));
  return html`
    <header>
      <h1><img src=${new URL('./icon.svg', import.meta.url).pathname} alt="" width="26" height="26" /> OrleansCache</h1>
      <${Status} live=${live} />
      <button class="plain" onClick=${toggle} aria-label=${`Use the ${theme === 'dark' ? 'light' : 'dark'} theme`}>${theme === 'dark' ? 'Light' : 'Dark'}</button>
    </header>
    ${!snapshot ? html`<main><p class="boot">${live.state === 'broken' ? `${live.problem} Trying again …` : 'Connecting to the cluster …'}</p></main>` : html`
    <main class=${live.state === 'broken' ? 'old' : ''}>
      <${Advice} advice=${snapshot.advice} live=${live} />
      <${Overview} snapshot=${snapshot} points=${live.points} />
      <div class="two">
        <div class="stack"><${RegionMap} snapshot=${snapshot} region=${region} onRegion=${setRegion} places=${places} />
          <${HotKeys} snapshot=${snapshot} onKey=${key => setWanted({ key })} /></div>
        <${Charts} snapshot=${snapshot} points=${live.points} region=${region} onRegion=${setRegion} theme=${theme} />
      </div>
      <${KeyPanel} snapshot=${snapshot} wanted=${wanted} onPlaces=${setPlaces} note=${note} />
      ${list && html`<${BreakPanel} list=${list} setList=${setList} />`}
      <div class="two wide-left">
        <${Silos} snapshot=${snapshot} region=${region} />
        <${TimeLine} events=${snapshot.events} done=${list?.done ?? []} edits=${edits} now=${snapshot.at} />
      </div>
    </main>
    <footer>${snapshot.regions.length} regions, seen from ${snapshot.silo} at ${clock(snapshot.at)} (${ago(snapshot.at, Date.now() - (live.skew ?? 0))} ago). Rates are of the last second.</footer>`}`;
}

const root = document.getElementById('app');
root.textContent = '';
render(html`<${App} />`, root);
