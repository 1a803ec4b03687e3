// What this origin keeps in the browser: how much it is, and the end of all of it. Fetched when Settings
// ask for it (service/forget.rs).

// Longest that a database may hold on to a window that does not close it.
const DATABASE_MS = 5000;

// Bytes that are in use, as the browser counts them; 0 where it does not say.
export async function usage() {
  const { usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return usage;
}

const folder = () => navigator.storage?.getDirectory?.();
const workers = async () => (await navigator.serviceWorker?.getRegistrations?.()) ?? [];
const databases = async () => (await indexedDB.databases?.()) ?? [{ name: "transom" }];
const cookies = () => document.cookie.split("; ").filter(Boolean).map((pair) => pair.split("=")[0]);

async function files() {
  const names = [];
  for await (const name of (await folder())?.keys() ?? []) names.push(name);
  return names;
}

// Names everything that is kept.
export async function left() {
  const say = (what, names) => names.map((name) => `${what} ${name}`);
  return [
    say("database", (await databases()).map(({ name }) => name)),
    say("file", await files()),
    say("cache", (await self.caches?.keys()) ?? []),
    say("service worker", (await workers()).map(({ scope }) => scope)),
    say("setting", Object.keys(localStorage)),
    say("setting of this tab", Object.keys(sessionStorage)),
    say("cookie", cookies()),
  ].flat();
}

// A window that does not close the database leaves it to the list of what is left.
function drop(name) {
  return new Promise((done) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = () => done();
    setTimeout(done, DATABASE_MS);
  });
}

// Removes everything, and names what is still there: nothing, where all went well.
export async function forget() {
  const attempt = (promise) => promise.catch(() => {});
  const root = await folder();
  await Promise.all([
    ...(await workers()).map((worker) => attempt(worker.unregister())),
    ...((await self.caches?.keys()) ?? []).map((name) => attempt(caches.delete(name))),
    ...(await files()).map((name) => attempt(root.removeEntry(name, { recursive: true }))),
    ...(await databases()).map(({ name }) => drop(name)),
  ]);
  for (const name of cookies()) document.cookie = `${name}=; Max-Age=0; Path=/`;
  localStorage.clear();
  sessionStorage.clear();
  return left();
}
