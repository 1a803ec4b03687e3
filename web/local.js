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

// Entries must be taken before the event is over.
export async function dropped(data, each) {
  const entries = Array.from(data.items, (item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) for (const file of data.files) each(file.name, file);
  for (const entry of entries) await walk(entry, entry.name, each);
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
