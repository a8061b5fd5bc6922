// On every page: leaving it fast, sending what waits on this device, and keeping the pages for when there is no
// connection. Pages work without this script.
import { all, remove, wipe } from './keep.js';
import { deliverAll } from './send.js';
import { showWaiting } from './waiting.js';

const html = document.documentElement;

// Leaving fast: the page goes at once, then what is kept here, then the place in the history.
for (const link of document.querySelectorAll('.exit')) {
  link.addEventListener('click', async (event) => {
    event.preventDefault();
    html.hidden = true;
    const moment = new Promise((resolve) => setTimeout(resolve, 200));
    await Promise.race([Promise.allSettled([wipe(), forget()]), moment]);
    location.replace(link.href);
  });
}

async function forget() {
  const names = await caches.keys();
  await Promise.all(names.map((name) => caches.delete(name)));
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}

// The page with the codes: what was kept of this form until now can go.
const receipt = document.querySelector('[data-reference]');
if (receipt) {
  all().then((kept) => {
    for (const [key, entry] of kept) if (entry.reference === receipt.dataset.reference) remove(key);
  }).catch(() => {});
}

async function look() {
  if (navigator.onLine) await deliverAll();
  await showWaiting();
}

// Only pages that are the same for everybody know their words and can be kept; others show one person's case.
if (html.dataset.words) {
  const tryAgain = () => look().catch(() => {}); // a browser that keeps nothing has nothing to send
  tryAgain();
  addEventListener('online', tryAgain);
  document.addEventListener('visibilitychange', () => document.hidden || tryAgain());
  setInterval(tryAgain, 30e3);
  if (navigator.serviceWorker) {
    navigator.serviceWorker.addEventListener('message', () => showWaiting().catch(() => {}));
    navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)
      .then((worker) => worker.active.postMessage({ keep: html.lang, page: location.pathname + location.search })).catch(() => {});
  }
}
