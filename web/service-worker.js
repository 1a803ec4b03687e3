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

self.addEventListener("message", ({ data, ports: [port, page] }) => {
  if (data === "take over") {
    // The worker in charge, which is told too, ends. What broke off in silence might look whole.
    for (const { fail } of running.values()) fail();
    self.skipWaiting();
  }
  if (data === "streams?") port.postMessage(true);
  if (data?.download) offer(data.download, port, page);
  if (data?.here) running.get(data.here)?.hear();
  if (data?.abandon) {
    offered.get(data.abandon)?.withdraw("gone");
    running.get(data.abandon)?.fail();
  }
});

// Downloads. A page offers one under a token, with the port that its bytes come through, then goes
// to the address of the token, once. What is said through that port: crate/browser file/stream.
// Through another the page hears how it goes: "offered", then "none", "failed" or "over". To "alive"
// it answers with a message to this worker, for a browser ends one that gets none for half a minute,
// and some take what was cut off that way for whole.
const DOWNLOADS = "/download/";
const offered = new Map();
const running = new Map();

// Milliseconds that an offer stands. The engine gives up later than that.
const OFFERED = 15000;

// Milliseconds from one look to the next whether the other ends are there, and looks without a word
// until one counts as gone: before a browser would end this worker. They are counted, not timed,
// for machines that sleep.
const LOOK = 5000;
const SILENT_LOOKS = 3;

function offer({ token, name, size }, port, page) {
  const withdraw = (word) => {
    if (!offered.delete(token)) return;
    port.postMessage(word);
    page.postMessage(word === "none" ? "none" : "failed");
    port.close();
  };
  const late = setTimeout(() => withdraw("none"), OFFERED);
  // Before the browser has asked, only its end can come.
  port.onmessage = ({ data }) => data === "abort" && withdraw("gone");
  const take = () => {
    clearTimeout(late);
    offered.delete(token);
    return { name, size, port, page };
  };
  offered.set(token, { take, withdraw });
  page.postMessage("offered");
}

// Calls `onWord` with what comes from the engine and `onGone` once nothing can come: where the engine
// or the page is silent. Gives what notes a word of the page, and what ends it.
function listen(port, page, onWord, onGone) {
  const silent = { engine: 0, page: 0 };
  port.onmessage = ({ data }) => {
    silent.engine = 0;
    if (data !== "alive") return onWord(data);
    port.postMessage("alive");
    page.postMessage("alive");
  };
  // Not every browser tells that the other end is gone.
  port.addEventListener("close", onGone);
  const looking = setInterval(() => {
    silent.engine += 1;
    silent.page += 1;
    if (silent.engine > SILENT_LOOKS || silent.page > SILENT_LOOKS) onGone();
  }, LOOK);
  const stop = () => {
    clearInterval(looking);
    port.onmessage = null;
    port.removeEventListener("close", onGone);
    port.close();
  };
  return { hear: () => (silent.page = 0), stop };
}

// Bytes as they come. It holds one piece, and asks for the next when the browser has taken that.
function bytes(token, { port, page }) {
  let stop, taken;
  const over = (word, told) => {
    if (!running.delete(token)) return false;
    port.postMessage(word);
    page.postMessage(told);
    stop();
    taken?.();
    return true;
  };
  return new ReadableStream({
    start(controller) {
      // A download that breaks off is an error: the browser must not take it for whole.
      const fail = () => over("gone", "failed") && controller.error(new Error("the transfer broke off"));
      const word = (data) => {
        if (data instanceof Uint8Array) {
          controller.enqueue(data);
          taken?.();
        } else if (data === "end") {
          controller.close();
          over("ended", "over");
        } else fail();
      };
      const listening = listen(port, page, word, fail);
      stop = listening.stop;
      running.set(token, { fail, hear: listening.hear });
    },
    // It lasts until the piece is there; else the browser would ask for others meanwhile.
    pull() {
      port.postMessage("more");
      return new Promise((done) => {
        taken = done;
      });
    },
    cancel() {
      over("cancelled", "failed");
    },
  });
}

function download(token) {
  const found = offered.get(token)?.take();
  const headers = new Headers({
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox allow-downloads",
    "Cache-Control": "no-store",
  });
  if (!found) return new Response(null, { status: 404, headers });
  const { name, size } = found;
  // Characters that encodeURIComponent leaves and RFC 8187 section 3.2.1 does not.
  const plain = (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  const encoded = encodeURIComponent(name.toWellFormed?.() ?? name).replace(/['()*]/g, plain);
  headers.set("Content-Disposition", `attachment; filename*=UTF-8''${encoded}`);
  if (size !== null) headers.set("Content-Length", String(size));
  return new Response(bytes(token, found), { headers });
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
