// Requests to the server that the page came from. The key of a caller, where one is needed, is kept in memory only.
let apiKey = null;
let askForKey = null;

export const onKeyNeeded = ask => { askForKey = ask; };
export const setKey = key => { apiKey = key; };

const withKey = init => apiKey ? { ...init, headers: { ...init?.headers, 'X-Api-Key': apiKey } } : init;

export class Failure extends Error {
  constructor(status, problem) {
    super(problem?.detail || problem?.title || `The server answered ${status}.`);
    this.status = status;
  }
}

export async function ask(path, init) {
  let answer;
  try {
    answer = await fetch(path, withKey(init));
  } catch {
    throw new Failure(0, { detail: 'The server does not answer.' });
  }
  if (answer.status === 401) askForKey?.(apiKey !== null);
  const text = await answer.text();
  let body = null;
  try { body = text ? JSON.parse(text) : null; } catch { /* Not JSON: the status says enough. */ }
  if (!answer.ok) throw new Failure(answer.status, body);
  return { body, headers: answer.headers };
}

export const get = async path => (await ask(path)).body;
export const post = async (path, body) => (await ask(path, {
  method: 'POST',
  headers: body ? { 'Content-Type': 'application/json' } : {},
  body: body ? JSON.stringify(body) : undefined,
})).body;

const silence = 6000;

// Reads the events of a stream until it breaks. Not with EventSource, which can send no key and does not notice a silent server.
export async function read(path, onOpen, onMessage, signal) {
  const control = new AbortController();
  signal.addEventListener('abort', () => control.abort(), { once: true });
  let timer = setTimeout(() => control.abort(), silence);
  try {
    const answer = await fetch(path, withKey({ signal: control.signal, headers: { Accept: 'text/event-stream' } }));
    if (answer.status === 401) askForKey?.(apiKey !== null);
    if (!answer.ok) throw new Failure(answer.status);
    onOpen(answer.headers);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw new Failure(0, { detail: 'The stream has ended.' });
      clearTimeout(timer);
      timer = setTimeout(() => control.abort(), silence);
      const events = (rest + value).split(/\r?\n\r?\n/);
      rest = events.pop();
      for (const event of events) {
        const data = event.split(/\r?\n/).filter(line => line.startsWith('data:')).map(line => line.slice(5).trimStart()).join('\n');
        if (data) onMessage(JSON.parse(data));
      }
    }
  } finally {
    clearTimeout(timer);
    control.abort();
  }
}
