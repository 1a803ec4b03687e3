// The engine's worker. Its address never changes, because a SharedWorker is found by it; what it
// imports carries a content hash.
//
// A page arrives as a port: through `connect` events in a SharedWorker, through a message that
// hands one over in a dedicated Worker. The engine speaks first on each port, so nothing that a
// page says is lost while the program still compiles.
const ports = [];

// The program compiles while its JavaScript is still fetched, not after that. The comment in the
// call says to whoever builds the site that it is no file for later.
const wasm = WebAssembly.compileStreaming(fetch(new URL("./transom-engine_bg.wasm", import.meta.url)));
const engine = import(/* now */ "./transom-engine.js").then(async ({ default: start, Engine }) => {
  await start({ module_or_path: await wasm });
  return new Engine(self.name);
});

function attach(port) {
  ports.push(port);
  engine.then((running) => running.attach(port)).catch(crashed);
}

// A trap (a Rust panic, an exhausted stack or memory) ends this program and no other. The pages
// are told, so that they can say so and offer to connect again.
function crashed() {
  const phase = { closed: { failure: { code: "ENGINE_CRASHED", detail: "" } } };
  for (const port of ports) {
    port.postMessage([{ phase: { phase } }]);
  }
}

self.addEventListener("error", crashed);
self.addEventListener("unhandledrejection", crashed);
if ("onconnect" in self) {
  self.onconnect = (event) => attach(event.ports[0]);
} else {
  self.onmessage = (event) => attach(event.ports[0]);
}
