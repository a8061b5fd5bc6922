// The service worker. VERSION, ASSETS and PAGES stand above this, put there by the site's generator, as do keep.js and
// send.js. It keeps the first page and the forms of the languages that were looked at, the form of a registration once it was
// open, and nothing about anybody: what functions answer about a case never passes through it.
const CACHE = 'immerse-' + VERSION;
const REGISTRATION = /^\/api\/v1\/events\/[^/]+\/register\b/;
const fresh = (path) => new Request(path, { cache: 'no-cache' });

async function keep(lang, path) {
  const cache = await caches.open(CACHE);
  if (REGISTRATION.test(path) && !(await cache.match(path))) await cache.add(fresh(path));
  if (await cache.match('/' + lang + '/')) return; // a changed page is another VERSION
  await cache.addAll((PAGES[lang] || []).map(fresh));
}

// keptBefore are the languages of which an older version has kept the pages.
async function keptBefore() {
  const langs = [];
  for (const lang of Object.keys(PAGES)) if (await caches.match('/' + lang + '/')) langs.push(lang);
  return langs;
}

self.addEventListener('install', (event) => event.waitUntil((async () => {
  const langs = await keptBefore();
  await (await caches.open(CACHE)).addAll(ASSETS);
  for (const lang of langs) await keep(lang);
  await self.skipWaiting();
})()));

self.addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await self.clients.claim();
})()));

self.addEventListener('message', (event) => event.waitUntil(keep(event.data.keep, event.data.page)));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { pathname, origin, searchParams } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  const register = REGISTRATION.test(pathname);
  const lang = register ? searchParams.get('lang') : pathname.split('/')[1];
  if (pathname.startsWith('/assets/')) event.respondWith(kept(request));
  else if (request.mode === 'navigate' && (register || PAGES[lang])) event.respondWith(page(request, lang, register));
});

// Assets have their hash in their name or their query: what is kept is never old. Pages of functions have it in the query.
async function kept(request) {
  return (await caches.match(request.url.replace(/\.(\w+)\?v=(\w+)$/, '-$2.$1'))) || fetch(request);
}

// A page comes from the network, if that answers soon; else as it was kept; else the first page does.
const SOON = 5e3;

async function page(request, lang, register) {
  const network = fetch(request).then(async (answer) => {
    if (register && answer.ok) await caches.open(CACHE).then((cache) => cache.put(request.url, answer.clone())).catch(() => {});
    return answer;
  });
  const late = new Promise((resolve) => setTimeout(resolve, SOON));
  try {
    const answer = await Promise.race([network, late]);
    if (answer) return answer;
  } catch { /* no connection */ }
  return (await caches.match(request.url)) || (await caches.match(request.url, { ignoreSearch: true })) || (await caches.match('/' + lang + '/')) || network;
}

self.addEventListener('sync', (event) => event.waitUntil((async () => {
  await deliverAll();
  for (const client of await self.clients.matchAll()) client.postMessage('delivered');
})()));
