// Serves the page's own files without a network. It keeps nothing else: no answer of the relay, no
// address with a query, nothing that a person typed or a server sent. It also hands downloads to the
// browser as they arrive, and keeps nothing of them either.
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

self.addEventListener("message", ({ data, ports }) => {
  if (data === "take over") self.skipWaiting();
  if (data?.download) {
    offer(data.download, ports[0]);
    ports[1].postMessage(true);
  }
  if (data?.downloading) ports[0].postMessage(offered.has(data.downloading) || running.has(data.downloading));
});

// Downloads. A page offers one under a token, with the port that its bytes come through, then goes
// to the address of the token, once. What is said through the port: crate/browser file/stream.
const DOWNLOADS = "/download/";
const offered = new Map();
const running = new Set();

// Milliseconds from one look to the next whether the other end is there, and looks without a word
// from it until it counts as gone. They are counted, not timed, for machines that sleep.
const LOOK = 10000;
const SILENT_LOOKS = 6;

function offer({ token, name, size }, port) {
  offered.set(token, { name, size, port });
  setTimeout(() => offered.delete(token) && port.postMessage("none"), 3 * LOOK);
}

// Calls `onWord` with what comes and `onGone` once nothing can come; gives what ends both.
function listen(port, onWord, onGone) {
  let silent = 0;
  port.onmessage = ({ data }) => {
    silent = 0;
    if (data === "alive") port.postMessage("alive");
    else onWord(data);
  };
  // Not every browser tells that the other end is gone.
  port.addEventListener("close", onGone);
  const looking = setInterval(() => {
    silent += 1;
    if (silent > SILENT_LOOKS) onGone();
  }, LOOK);
  return () => {
    clearInterval(looking);
    port.onmessage = null;
    port.removeEventListener("close", onGone);
    port.close();
  };
}

// Bytes as they come. It holds one piece, and asks for the next when the browser has taken that.
function bytes(token, port) {
  let stop;
  const over = (word) => {
    if (!running.delete(token)) return false;
    if (word) port.postMessage(word);
    stop();
    return true;
  };
  running.add(token);
  return new ReadableStream({
    start(controller) {
      // A download that breaks off is an error: the browser must not take it for whole.
      const fail = () => over() && controller.error(new Error("the transfer broke off"));
      const word = (data) => {
        if (data instanceof Uint8Array) controller.enqueue(data);
        else if (data === "end") {
          controller.close();
          over("ended");
        } else fail();
      };
      stop = listen(port, word, fail);
    },
    pull() {
      port.postMessage("more");
    },
    cancel() {
      over("cancelled");
    },
  });
}

function download(token) {
  const found = offered.get(token);
  const headers = new Headers({
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
  });
  if (!offered.delete(token)) return new Response(null, { status: 404, headers });
  const { name, size, port } = found;
  // Characters that encodeURIComponent leaves and RFC 8187 section 3.2.1 does not.
  const plain = (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  const encoded = encodeURIComponent(name.toWellFormed?.() ?? name).replace(/['()*]/g, plain);
  headers.set("Content-Disposition", `attachment; filename*=UTF-8''${encoded}`);
  if (size !== null) headers.set("Content-Length", String(size));
  return new Response(bytes(token, port), { headers });
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method === "GET" && url.origin === location.origin && url.pathname.startsWith(DOWNLOADS)) {
    return event.respondWith(download(url.pathname.slice(DOWNLOADS.length)));
  }
  const known = SHELL.includes(url.pathname) || url.pathname in FIXED;
  if (request.method !== "GET" || url.origin !== location.origin || url.search || !known) return;
  const serve = async () => {
    const cache = await caches.open(NAME);
    return (await cache.match(url.pathname)) ?? fetch(request);
  };
  event.respondWith(serve());
});
