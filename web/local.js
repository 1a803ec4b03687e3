// What the Files screen does with local files. Fetched when that screen opens (service/local.rs).

// Hands a file of the private storage to the person, as a download of the browser.
export async function save(folder, id, name) {
  const root = await navigator.storage.getDirectory();
  const files = await root.getDirectoryHandle(folder);
  const file = await (await files.getFileHandle(id)).getFile();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new File([file], name, { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  // The browser has opened it by then; the address may go.
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

async function walk(entry, path, each) {
  if (entry.isFile) {
    each(path, await new Promise((done, failed) => entry.file(done, failed)));
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return;
    for (const inner of some) await walk(inner, `${path}/${inner.name}`, each);
  }
}

// Handles of files that were dropped or chosen, where the browser gives them.
const handles = new WeakMap();

async function take(handle, path, each) {
  if (handle.kind === "directory") {
    for await (const [name, inner] of handle.entries()) await take(inner, `${path}/${name}`, each);
    return;
  }
  const file = await handle.getFile();
  handles.set(file, handle);
  each(path, file);
}

// Entries must be taken before the event is over.
export async function dropped(data, each) {
  const taken = Array.from(data.items, (item) => [
    item.webkitGetAsEntry?.(),
    item.getAsFileSystemHandle?.().catch(() => null),
  ]).filter(([entry]) => entry);
  if (taken.length === 0) for (const file of data.files) each(file.name, file);
  for (const [entry, promise] of taken) {
    const handle = await promise;
    if (handle) await take(handle, handle.name, each);
    else await walk(entry, entry.name, each);
  }
}

// Lets the person choose files in a dialog that gives their handles.
export async function choose(each) {
  // It fails where the person chooses none.
  const chosen = await window.showOpenFilePicker({ multiple: true }).catch(() => []);
  for (const handle of chosen) await take(handle, handle.name, each);
}

// Lets the person choose a folder, with all in it.
export async function chooseFolder(each) {
  const chosen = await window.showDirectoryPicker({ mode: "read" }).catch(() => null);
  if (chosen) await take(chosen, chosen.name, each);
}

// Uploads that are not done: database `transom-uploads`, see STORAGE.md. Changes wait for each
// other, and those that come together are written together.
const UPLOADS = "uploads";
let waiting = [];

async function uploads(mode, work) {
  const database = await new Promise((done, failed) => {
    const request = indexedDB.open("transom-uploads", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(UPLOADS, { keyPath: "id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  try {
    return await new Promise((done, failed) => {
      const transaction = database.transaction(UPLOADS, mode);
      const result = work(transaction.objectStore(UPLOADS));
      transaction.oncomplete = () => done(result?.result);
      transaction.onabort = transaction.onerror = () => failed(transaction.error);
    });
  } finally {
    database.close();
  }
}

function change(work) {
  waiting.push(work);
  if (waiting.length > 1) return;
  setTimeout(() => {
    const works = waiting;
    waiting = [];
    // Where nothing can be stored, nothing can be continued.
    uploads("readwrite", (store) => works.forEach((each) => each(store))).catch(() => {});
  }, 50);
}

export function remember(row, file) {
  const { name, size, lastModified } = file;
  const handle = handles.get(file) ?? null;
  change((store) => store.put({ ...row, name, size, modified: lastModified, handle }));
}

export function forget(id) {
  change((store) => store.delete(id));
}

// The file that a handle leads to, if it is still what was uploaded.
async function same(row) {
  const file = await row.handle.getFile();
  return file.size === row.size && file.lastModified === row.modified ? file : null;
}

// Takes over the uploads to a server that no living connection carries.
export async function recall(server, connection) {
  const held = (await navigator.locks.query()).held.map((lock) => lock.name.split(":")[1]);
  const lives = (id) => id !== connection && held.includes(id);
  const all = await uploads("readonly", (store) => store.getAll());
  const rows = all.filter((row) => row.server === server && !lives(row.connection));
  for (const row of rows) {
    row.connection = connection;
    const { ...stored } = row;
    change((store) => store.put(stored));
    const allowed = row.handle && (await row.handle.queryPermission?.({ mode: "read" }));
    row.file = allowed === "granted" ? await same(row).catch(() => null) : null;
  }
  return rows;
}

// Asks for leave to read the file of an upload again; called from a click.
export async function reopen(id) {
  const row = await uploads("readonly", (store) => store.get(id));
  if (!row?.handle) return null;
  await row.handle.requestPermission?.({ mode: "read" });
  return row.handle.getFile();
}

// The same, all at once: pairs of path and file.
export async function collect(data) {
  const all = [];
  await dropped(data, (path, file) => all.push([path, file]));
  return all;
}

export function chosen(files, each) {
  for (const file of Array.from(files)) each(file.webkitRelativePath || file.name, file);
}

// Shows bytes in an image element; the address is needed until it is loaded.
export function picture(image, bytes, type) {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  image.onload = image.onerror = () => URL.revokeObjectURL(address);
  image.src = address;
}

export function pick() {
  return window.showDirectoryPicker({ mode: "readwrite" });
}

// Makes a file in a picked folder: never over another, and under a name that every system takes.
export async function inside(folder, name) {
  const safe = name.replace(/[\x00-\x1f<>:"/\\|?*]/g, "_").replace(/[. ]+$/, "_") || "_";
  const dot = safe.lastIndexOf(".") > 0 ? safe.lastIndexOf(".") : safe.length;
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? safe : `${safe.slice(0, dot)} (${number})${safe.slice(dot)}`;
    try {
      await folder.getFileHandle(free);
    } catch (error) {
      // A folder of that name is as taken as a file.
      if (error.name === "NotFoundError") return folder.getFileHandle(free, { create: true });
      if (error.name !== "TypeMismatchError") throw error;
    }
  }
}

// Whether the browser takes a download as it arrives, and notices one that breaks off. Chromium and
// Firefox do. WebKit, which is every browser on iOS, takes what is cut off for whole where no size
// was told, as for a zip. Nothing but the name tells which it is; on iOS Chrome and Firefox have others.
const streams = () => /(Chrome|Firefox)\//.test(navigator.userAgent);

// Milliseconds that the service worker may take to say whether it knows of downloads. One of an
// older version says nothing.
const ANSWER_WITHIN = 3000;

// There was no such way once; there is none until the page is loaded anew.
let unavailable = false;

// Frames of downloads that are over. Until the next they stay: a browser may still be at work there.
const ended = new Set();

function asked(worker) {
  const { port1, port2 } = new MessageChannel();
  worker.postMessage("streams?", [port2]);
  return new Promise((done) => {
    port1.onmessage = () => done(true);
    setTimeout(() => done(false), ANSWER_WITHIN);
  });
}

// Says to the service worker that this page is there whenever it asks, and that it is going. Calls
// `onOffered` once, and `onEnd` with how the download ended.
function attend(worker, token, onOffered, onEnd) {
  const { port1, port2 } = new MessageChannel();
  const tell = (word) => {
    try {
      worker.postMessage({ [word]: token });
    } catch {
      // It is gone, which the engine notices.
      end("failed");
    }
  };
  const leave = () => tell("abandon");
  const end = (how) => {
    removeEventListener("pagehide", leave);
    port1.close();
    onEnd(how);
  };
  port1.onmessage = ({ data }) => {
    if (data === "alive") tell("here");
    else if (data === "offered") onOffered();
    else end(data);
  };
  addEventListener("pagehide", leave);
  return port2;
}

// Has the service worker answer one address, which nobody can guess, with what comes through `port`,
// and goes there. The browser takes that as a download, and stays on this page.
async function begin(port, offer, engine) {
  const worker = (await navigator.serviceWorker?.getRegistration())?.active;
  if (!worker || !(await asked(worker))) throw new Error("no service worker takes downloads");
  if (engine.gone) return;
  const token = Array.from(crypto.getRandomValues(new Uint8Array(20)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.src = `/download/${token}`;
  const show = () => {
    for (const old of ended) old.remove();
    ended.clear();
    document.body.append(frame);
  };
  const end = (how) => {
    if (how === "none") unavailable = true;
    if (how === "over") ended.add(frame);
    else frame.remove();
  };
  const page = attend(worker, token, show, end);
  worker.postMessage({ download: { ...offer, token } }, [port, page]);
}

// The end of a way to the browser's downloads that an engine speaks to (crate/browser file/stream);
// the other end waits here until it is needed, and goes to the service worker then. `null` where
// there is no such way.
export function stream() {
  if (unavailable || !streams()) return null;
  const { port1, port2 } = new MessageChannel();
  const engine = { gone: false };
  port2.onmessage = ({ data }) => {
    if (data.begin) {
      begin(port2, data.begin, engine).catch(() => {
        unavailable = true;
        port2.postMessage("none");
      });
    } else {
      engine.gone = true;
      port2.close();
    }
  };
  return port1;
}
