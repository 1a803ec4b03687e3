// The second part of a program (crate/xtask, site/split): fetched by itself when there is time, or
// at once when one of its functions is called.

// Milliseconds after the start: a first shell does not need the rest, and should not compete with it.
const SOON_MS = 2000;

// The imports of the first part: its own, and the function that brings the rest.
//   path, base: where the rest is;
//   first: gives the exports of the first part once it runs.
export function later(path, base, imports, first) {
  const url = new URL(path, base);
  let brought = false;
  let compiled;
  const bring = () => {
    if (brought) return;
    performance.mark(`brought ${path}`);
    compiled ??= new WebAssembly.Module(fetchNow(url));
    new WebAssembly.Instance(compiled, { ...imports, first: first() });
    brought = true;
  };
  const prepare = async () => {
    try {
      compiled ??= await WebAssembly.compileStreaming(fetch(url));
    } catch {
      // Asked for again when it is needed.
    }
  };
  setTimeout(prepare, SOON_MS);
  return { ...imports, later: { bring } };
}

function fetchNow(url) {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  // A page may not ask for bytes while it waits, so each character is one byte.
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`${url.pathname}: status ${request.status}`);
  return Uint8Array.from(request.responseText, (character) => character.charCodeAt(0) & 0xff);
}
