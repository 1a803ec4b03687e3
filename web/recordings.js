// Recordings: their parts in the private storage, their player, and their text. Fetched when a
// person records, or opens the list (service/recordings.rs).
import { Terminal } from "xterm";

// A part is a file of its own: nothing that is written is ever copied, and what a closed page
// leaves behind is whole.
const files = async (id, create) => {
  const root = await navigator.storage.getDirectory();
  const all = await root.getDirectoryHandle("recordings", { create: true });
  return all.getDirectoryHandle(id, { create });
};

export async function append(id, part, text) {
  const folder = await files(id, true);
  const file = await folder.getFileHandle(String(part).padStart(8, "0"), { create: true });
  const out = await file.createWritable();
  await out.write(text);
  await out.close();
}

export async function read(id) {
  const parts = [];
  for await (const [name, handle] of (await files(id, false)).entries()) {
    parts.push([name, await handle.getFile()]);
  }
  parts.sort(([one], [other]) => (one < other ? -1 : 1));
  return new Blob(parts.map(([, file]) => file)).text();
}

export async function remove(id) {
  const root = await navigator.storage.getDirectory();
  const all = await root.getDirectoryHandle("recordings", { create: true });
  await all.removeEntry(id, { recursive: true });
}

// The lines of a recording; what a closed page cut off at the end is left out.
function* parsed(cast) {
  for (const line of cast.split("\n")) {
    if (!line.trim() || line.startsWith("#")) continue;
    try {
      yield JSON.parse(line);
    } catch {
      return;
    }
  }
}

// xterm.js throws away what it is given beyond 50 MB before it is parsed.
const AT_ONCE = 1 << 20;

// What stood on the screen, as [seconds, line] for each line, and the markers.
export async function transcript(cast) {
  const [header, ...events] = parsed(cast);
  const terminal = new Terminal({
    cols: header.term.cols, rows: header.term.rows, scrollback: 100000, logLevel: "off",
  });
  const [times, markers] = [[], []];
  let [seconds, waiting] = [0, 0];
  const note = (at) => {
    const screen = terminal.buffer.normal;
    while (times.length <= screen.baseY + screen.cursorY) times.push(at);
  };
  for (const [interval, code, data] of events) {
    seconds += interval;
    const at = seconds;
    if (code === "m") markers.push([at, data]);
    if (code === "r") {
      const [columns, rows] = data.split("x").map(Number);
      terminal.resize(columns, rows);
    }
    if (code !== "o") continue;
    waiting += data.length;
    if (waiting < AT_ONCE) {
      terminal.write(data, () => note(at));
    } else {
      waiting = 0;
      await new Promise((done) => terminal.write(data, done));
      note(at);
    }
  }
  await new Promise((done) => terminal.write("", done));
  const lines = [];
  const screen = terminal.buffer.normal;
  for (let row = 0; row < screen.length; row += 1) {
    const line = screen.getLine(row);
    const text = line.translateToString(true);
    if (line.isWrapped && lines.length > 0) lines[lines.length - 1][1] += text;
    else lines.push([times[row] ?? seconds, text]);
  }
  terminal.dispose();
  while (lines.length > 0 && lines[lines.length - 1][1] === "") lines.pop();
  return JSON.stringify({ lines, markers, seconds });
}

// Shows the player, which draws with its own emulator. Its style comes as a file: the page's
// policy allows no other.
export async function play(element, cast, font) {
  const sheet = new URL("./asciinema-player.css", import.meta.url).href;
  if (!document.querySelector("link[data-player]")) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = sheet;
    link.dataset.player = "";
    document.head.append(link);
  }
  const { create } = await import("asciinema-player");
  const options = { preload: true, fit: "width", theme: "transom", terminalFontFamily: font };
  const player = create({ data: cast }, element, options);
  return player;
}
