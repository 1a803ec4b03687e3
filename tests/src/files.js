// Speaks to the engine of the page's connection as a second page would. For tests only.
globalThis.transomFiles = await (async () => {
  const locks = (await navigator.locks.query()).held;
  // Of several connections the one whose target holds this.
  const wanted = globalThis.transomTarget ?? "";
  const ours = (name) => name.startsWith("transom:") && name.includes(wanted);
  const id = locks.map((lock) => lock.name).find(ours).split(":")[1];
  const options = { type: "module", name: `conn-${id}`, extendedLifetime: true };
  const port = new SharedWorker("/engine.js", options).port;
  const transfers = {};
  const asks = {};
  // Envelopes are `{name: fields}`, or the name alone; here they are read and written flat.
  const flat = (part) =>
    typeof part === "string" ? { type: part } : { type: Object.keys(part)[0], ...Object.values(part)[0] };
  const nested = (part) => {
    const { type, ...fields } = part;
    return Object.keys(fields).length ? { [type]: fields } : type;
  };
  let listeners = [];
  let next = 1;
  port.onmessage = ({ data: [event, bytes] }) => {
    if (!event.files) return;
    const news = flat(event.files.event);
    if (news.type === "transfers")
      for (const each of news.transfers) transfers[each.id] = { ...each, state: flat(each.state) };
    if (news.type === "transfer-gone") delete transfers[news.transfer];
    if (news.type === "entries") asks[news.id].entries.push(...news.entries);
    if (news.type === "answer") asks[news.id].done({ ...flat(news.answer), entries: asks[news.id].entries, bytes });
    for (const listener of listeners) listener();
  };
  const send = (command, object, bytes) =>
    port.postMessage([{ files: { command: nested(command) } }, bytes, object], object instanceof MessagePort ? [object] : []);
  const until = (holds) =>
    new Promise((done) => {
      const listener = () => {
        const value = holds();
        if (!value) return;
        listeners = listeners.filter((each) => each !== listener);
        done(value);
      };
      listeners.push(listener);
      listener();
    });
  const ended = (transfer) =>
    until(() => {
      const now = transfers[transfer];
      return now && !["queued", "verifying", "moving"].includes(now.state.type) && now;
    });
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return {
    transfers,
    send,
    until,
    ended,
    ask: (ask, bytes) =>
      new Promise((done) => {
        const id = next++;
        asks[id] = { done, entries: [] };
        send({ type: "ask", id, ask: nested(ask) }, undefined, bytes);
      }),
    // A file of a private folder, whose bytes repeat after a prime length.
    make: async (name, size) => {
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle(name, { create: true });
      const stream = await handle.createWritable();
      const block = new Uint8Array(1048573);
      for (let place = 0; place < block.length; place += 65536)
        crypto.getRandomValues(block.subarray(place, Math.min(place + 65536, block.length)));
      for (let left = size; left > 0; left -= block.length)
        await stream.write(left < block.length ? block.slice(0, left) : block);
      await stream.close();
      return handle.getFile();
    },
    upload: async (transfer, target, file, conflict = "ask") => {
      const began = performance.now();
      send({ type: "upload", transfer, target, conflict, verify: false }, file);
      const end = await ended(transfer);
      return { ...end, milliseconds: performance.now() - began };
    },
    download: async (transfer, path) => {
      const began = performance.now();
      send({ type: "download", transfer, path, verify: false });
      const end = await ended(transfer);
      const milliseconds = performance.now() - began;
      let size = 0;
      if (end.state.type === "done") {
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("transom-downloads");
        size = (await (await folder.getFileHandle(transfer)).getFile()).size;
      }
      return { ...end, milliseconds, size };
    },
    // Of a finished download, small enough to be read whole.
    digest: async (transfer) => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("transom-downloads");
      const file = await (await folder.getFileHandle(transfer)).getFile();
      return hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    },
    digestOf: async (file) => hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer())),
  };
})();
