// The second part of a program (crate/xtask, site/split): fetched by itself a moment after the first,
// and started when one of its functions is called.

// Milliseconds: a first shell does not need it, and should not share the processor with it. It is
// fetched soon nevertheless, because it comes from the relay, which may go away. What tells of that
// is in the first part.
const FETCH_MS = 1000;
// Milliseconds after it is there.
const COMPILE_MS = 2000;
// Milliseconds to the next attempt to fetch it.
const AGAIN_MS = 5000;

// The imports of the first part: its own, and the function that brings the rest.
//   path, base: where the rest is;
//   first: gives the exports of the first part once it runs.
export function later(path, base, imports, first) {
  const url = new URL(path, base);
  let brought = false;
  let bytes;
  let compiled;
  const bring = () => {
    if (brought) return;
    performance.mark(`brought ${path}`);
    compiled ??= new WebAssembly.Module(bytes ?? fetchNow(url));
    new WebAssembly.Instance(compiled, { ...imports, first: first() });
    brought = true;
    bytes = undefined;
  };
  const compile = async () => {
    try {
      // From the browser's cache, and with its compiled code.
      compiled ??= await WebAssembly.compileStreaming(fetch(url));
      bytes = undefined;
    } catch {
      // The bytes are there.
    }
  };
  const prepare = async () => {
    try {
      const answer = await fetch(url, { priority: "low" });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      bytes = await answer.arrayBuffer();
      setTimeout(compile, COMPILE_MS);
    } catch {
      setTimeout(prepare, AGAIN_MS);
    }
  };
  setTimeout(prepare, FETCH_MS);
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
