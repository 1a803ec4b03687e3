// Starts an engine while the page's own program is still on its way: the two compile side by
// side. The page takes this one for its first new connection (service/spare.rs).
(() => {
  // A page that comes back to its session finds that engine running.
  if (!("SharedWorker" in self) || location.hash.startsWith("#/session/")) return;
  const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => (byte % 32).toString(32)).join("");
  try {
    const worker = new SharedWorker("/engine.js", { type: "module", name: `conn-${id}`, extendedLifetime: true });
    self.transomSpare = { id, worker };
    // An engine that cannot start is not taken; the page tries again and tells of it.
    worker.onerror = () => delete self.transomSpare;
  } catch {
    // This browser has no such workers; the page starts one of another kind.
  }
})();
