// Listens to what passes between the page and its engine, for tests that measure or count bytes.
// It changes nothing: each message is read where it passes and goes on.
(() => {
  if (!("SharedWorker" in self)) return;
  const latin1 = new TextDecoder("latin1");
  const shells = new Map();
  const waits = new Map();
  let workers = 0;
  // `keep`: bytes of text to keep of each shell.
  const tap = { events: [], lastKey: 0, keep: 1 << 16 };

  const shellOf = (id) => {
    if (!shells.has(id)) shells.set(id, { first: null, end: 0, tail: "", parsed: 0, bytes: 0, gaps: 0 });
    return shells.get(id);
  };
  const settle = () => {
    const now = performance.now();
    for (const wait of waits.values()) {
      if (wait.done) continue;
      for (const [id, shell] of shells) {
        if (wait.at === null && wait.id === undefined || wait.id === id) {
          const start = Math.max(0, shell.tail.length - (shell.end - (wait.from.get(id) ?? 0)));
          const found = wait.at === null ? shell.tail.indexOf(wait.needle, start) : -1;
          if (found >= 0) {
            wait.id = id;
            wait.at = shell.end - shell.tail.length + found + wait.needle.length;
            wait.arrived = now;
          }
          if (wait.at !== null && shell.parsed >= wait.at) {
            wait.done = true;
            wait.resolve({ arrived: wait.arrived, parsed: now });
          }
        }
      }
    }
  };
  const received = (worker, [event, bytes]) => {
    const output = event.output;
    if (!output) {
      tap.events.push(event);
      return;
    }
    const shell = shellOf(`${worker}.${output.shell}`);
    if (shell.first === null) {
      shell.first = output.offset;
    } else if (output.offset !== shell.end) {
      shell.gaps += 1;
    }
    shell.bytes += bytes.length;
    shell.end = output.offset + bytes.length;
    const text = latin1.decode(bytes.subarray(Math.max(0, bytes.length - tap.keep)));
    shell.tail = (shell.tail + text).slice(-tap.keep);
    settle();
  };
  const sent = (worker, [command]) => {
    const parsed = command?.parsed;
    if (parsed) {
      shellOf(`${worker}.${parsed.shell}`).parsed = parsed.offset;
      settle();
    }
  };

  // Begins to wait for `needle` in output that arrives from now on.
  tap.begin = (key, needle) => {
    const wait = { needle, from: new Map([...shells].map(([id, shell]) => [id, shell.end])), at: null, done: false };
    wait.promise = new Promise((resolve) => (wait.resolve = resolve));
    waits.set(key, wait);
  };
  tap.finish = (key) => waits.get(key).promise;
  tap.shells = () => Object.fromEntries([...shells].map(([id, shell]) => [id, { ...shell }]));

  const Real = self.SharedWorker;
  self.SharedWorker = class SharedWorker extends Real {
    constructor(...rest) {
      super(...rest);
      // Shells of different engines have the same numbers.
      const worker = workers++;
      this.port.addEventListener("message", (event) => received(worker, event.data));
      const post = this.port.postMessage.bind(this.port);
      this.port.postMessage = (message, ...more) => {
        post(message, ...more);
        sent(worker, message);
      };
    }
  };
  addEventListener("keydown", () => (tap.lastKey = performance.now()), true);
  self.transomTap = tap;
})();
