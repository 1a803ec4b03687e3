// Keeps the page's own files for a start without a network, and tells of a new version. Fetched
// once the page has nothing to do (service/offline.rs).

const settled = (worker) =>
  new Promise((done) => {
    if (worker.state === "installed") done(true);
    worker.addEventListener("statechange", () => {
      if (worker.state === "installed") done(true);
      if (worker.state === "redundant") done(false);
    });
  });

// Calls `ready` whenever a version waits that is newer than the one this page came from.
export async function keep(ready) {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  const registration = await workers.register("/service-worker.js");
  const wait = async (worker) => {
    // The first one of all is no news: the page itself came from the network.
    if (worker && (await settled(worker)) && registration.active) ready();
  };
  registration.addEventListener("updatefound", () => wait(registration.installing));
  if (registration.waiting) wait(registration.waiting);
}

// Looks whether there is a new version.
export async function look() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.update();
}

// Puts the waiting version in charge, then loads the page anew. Another window may have done the
// first part already.
export async function renew() {
  const registration = await navigator.serviceWorker.getRegistration();
  if (!registration?.waiting) return location.reload();
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  // The one in charge ends what it is at.
  registration.active?.postMessage("take over");
  registration.waiting.postMessage("take over");
}
