// Sending a form that is kept on this device. The idempotency key in its body makes it one application however often it
// is sent, by however many pages and by the service worker: what is here only saves the trouble.
import { all, read, remove, write } from './keep.js';

const PATIENCE = 30e3;

// deliver tries to send a form and gives what is kept of it then: its state is "sent", "refused" or still "waiting".
export function deliver(key) {
  const once = async () => {
    const entry = await read(key);
    if (!entry || entry.state !== 'waiting') return entry;
    const answer = await post(entry.body);
    if (!answer) return entry;
    const changed = { ...entry, ...answer };
    await write(key, changed);
    if (changed.state === 'sent') await remove('draft-' + entry.kind);
    return changed;
  };
  return navigator.locks ? navigator.locks.request(key, once) : once();
}

// post gives nothing while it is open whether the form arrived: it is sent again then.
async function post(body) {
  const given = new AbortController();
  const timer = setTimeout(() => given.abort(), PATIENCE);
  try {
    const answer = await fetch('/api/v1/applications', {
      method: 'POST', body, signal: given.signal,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
    });
    if (answer.status >= 500 || answer.status === 429 || answer.status === 404) return null;
    const said = await answer.json();
    if (answer.ok) return { state: 'sent', body: '', reference: said.reference, secret: said.secret, picture: said.picture };
    return { state: 'refused', problem: said };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

// deliverAll tries everything that waits.
export async function deliverAll() {
  for (const [key, entry] of await all()) {
    if (entry.state === 'waiting') await deliver(key);
  }
}
