// Starts an engine while the page's own program is still on its way: the two compile side by
// side. The page takes this one for its first new connection (service/spare.rs).
(() => {
  // A page that comes back to its session finds that engine running, and so does a window of its own.
  if (!("SharedWorker" in self) || /^#\/(session|window)\//.test(location.hash)) return;
  const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => (byte % 32).toString(32)).join("");
  // By a link that connects the engine goes ahead alone; the page finds it on the way. Through a
  // relay of the person's own the page connects, because it knows how to write its address.
  const follow = ({ port }) => {
    const [, link] = location.hash.split("#/connect/");
    const settings = JSON.parse(localStorage.getItem("transom.settings") ?? "{}");
    if (!link || settings.relay_url || (settings.relay_mode ?? "transom") !== "transom") return;
    const relay = { url: `${location.origin.replace("http", "ws")}/relay`, mode: "transom" };
    const trust = { policy: settings.host_keys ?? "ask", legacy: settings.legacy_hosts ?? [] };
    const size = JSON.parse(localStorage.getItem("transom.size"));
    port.postMessage([{ follow: { link, relay, trust, size } }]);
  };
  try {
    const worker = new SharedWorker("/engine.js", { type: "module", name: `conn-${id}`, extendedLifetime: true });
    self.transomSpare = { id, worker };
    // An engine that cannot start is not taken; the page tries again and tells of it.
    worker.onerror = () => delete self.transomSpare;
    follow(worker);
  } catch {
    // This browser has no such workers or no storage; the page starts one of another kind, and
    // connects by itself.
  }
})();
