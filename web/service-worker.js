// Serves the page's own files without a network. It keeps nothing else: no answer of the relay, no
// address with a query, nothing that a person typed or a server sent.
//
// The build writes the list: what the page and its worker need for a start, each named by its
// content, and the two files with fixed names together with their digests. So one version never
// mixes with another, and a cache that is complete is right.
const SHELL = [];
const FIXED = {};
const VERSION = "";

const OURS = "transom-";
const NAME = OURS + VERSION;

async function fill() {
  const cache = await caches.open(NAME);
  const fixed = Object.entries(FIXED).map(
    ([path, integrity]) => new Request(path, { cache: "no-cache", integrity }),
  );
  await cache.addAll([...SHELL, ...fixed]);
}

self.addEventListener("install", (event) => {
  event.waitUntil(fill());
  // Where the browser can, it takes the files from the cache without starting this worker.
  const files = [...SHELL, ...Object.keys(FIXED)];
  event.addRoutes?.(
    files.map((path) => ({
      condition: { urlPattern: new URLPattern({ pathname: path, search: "", baseURL: location.origin }) },
      source: { cacheName: NAME },
    })),
  );
});

self.addEventListener("activate", (event) => {
  const clear = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(OURS) && name !== NAME);
    await Promise.all(old.map((name) => caches.delete(name)));
    // The page that brought this worker counts as its own, so that a later version waits for it.
    await self.clients.claim();
  };
  event.waitUntil(clear());
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const known = SHELL.includes(url.pathname) || url.pathname in FIXED;
  if (request.method !== "GET" || url.origin !== location.origin || url.search || !known) return;
  const serve = async () => {
    const cache = await caches.open(NAME);
    return (await cache.match(url.pathname)) ?? fetch(request);
  };
  event.respondWith(serve());
});
