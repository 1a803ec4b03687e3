// Talks to an engine as a page does, and draws nothing.
let port, shell;
let heard = () => {};

// Ports to engines: one that is forgotten is closed.
const ports = [];

// Connects by an engine of its own and opens a shell; resolves at its first prompt.
globalThis.begin = (setting) => new Promise((resolve, reject) => {
  const options = { type: "module", name: `conn-bench${Math.random()}`, extendedLifetime: true };
  const own = new SharedWorker("/engine.js", options).port;
  ports.push(own);
  port = own;
  const send = (command) => own.postMessage([command]);
  const answer = (id, answer) => send({ answer: { question: id, answer } });
  const target = { user: setting.user, host: "127.0.0.1", port: setting.port };
  const relay = { url: setting.relay, mode: "transom" };
  let text = "";
  heard = (bytes) => {
    text += new TextDecoder("latin1").decode(bytes);
    if (text.includes("ready> ")) resolve(true);
  };
  own.onmessage = ({ data: [event, bytes] }) => {
    const [[name, fields]] = typeof event === "string" ? [[event]] : Object.entries(event);
    switch (name) {
      case "hello":
        send({ connect: { target, relay, pinned: setting.pinned } });
        send({ "open-shell": { size: { columns: 120, rows: 40, width_px: 0, height_px: 0 } } });
        break;
      case "question":
        if (fields.question.credential) {
          answer(fields.id, { "key-file": { name: "bench_key", text: setting.key } });
        } else {
          reject(new Error(`asked ${JSON.stringify(fields.question)}`));
        }
        break;
      case "phase":
        if (fields.phase.closed) reject(new Error(JSON.stringify(fields.phase)));
        break;
      case "shell-opened":
        shell = fields.shell;
        break;
      case "output":
        send({ parsed: { shell: fields.shell, offset: fields.offset + bytes.length } });
        heard(bytes);
        break;
    }
  };
});

// Runs a command and resolves with the speed of its output, in MB/s, when `last` has come.
globalThis.measure = (command, last) => new Promise((resolve) => {
  const bytes = new TextEncoder().encode(command);
  const latin1 = new TextDecoder("latin1");
  let count = 0;
  let tail = "";
  const begin = performance.now();
  heard = (bytes) => {
    count += bytes.length;
    const end = latin1.decode(bytes.subarray(Math.max(0, bytes.length - 64)));
    tail = (tail + end).slice(-128);
    if (tail.includes(last)) {
      heard = () => {};
      resolve(count / 1e3 / (performance.now() - begin));
    }
  };
  port.postMessage([{ input: { shell } }, bytes], [bytes.buffer]);
});
