// Measures the ciphers in V8: node measure.mjs PROGRAM.wasm [REAL.wasm] NAME…, one JSON line for each
// name, and one more where there is the real ring's program.
import { readFileSync } from "node:fs";

const RUNS = 5;
const PACKET_BYTES = 32 * 1024;
const SECONDS = 0.4;
const NAMES = { "aead-chacha": 0, "aead-aes-gcm": 2 };

const words = process.argv.slice(2);
const names = words.filter((word) => word in NAMES);
const [own, real] = words.filter((word) => !(word in NAMES)).map((program) => {
  const module = new WebAssembly.Module(readFileSync(program));
  // The real ring names functions of a page, for randomness, which ciphers never call.
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module))
    (imports[from] ??= {})[name] = () => { throw new Error(`${name} is not there`); };
  return new WebAssembly.Instance(module, imports).exports.seal_and_open;
});

// MB/s of sealing and opening together: each packet is worked on twice.
function speed([run, which]) {
  let packets = 0;
  const begin = performance.now();
  let end = begin;
  while (end - begin < SECONDS * 1000) {
    if (run(which, 50) !== 50) throw new Error(`cipher ${which} failed`);
    packets += 50;
    end = performance.now();
  }
  return (2 * packets * PACKET_BYTES) / 1e3 / (end - begin);
}

const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];
const round = (number) => Math.round(number * 1000) / 1000;

for (const name of names) {
  const which = NAMES[name];
  const rivals = [["", "RustCrypto", own, which + 1]];
  if (real) rivals.push(["/ring", "the real ring", real, which]);
  const all = [[own, which], ...rivals.map(([, , run, which]) => [run, which])];
  const speeds = all.map(() => []);
  // Once without counting, until the compiler has done its best.
  for (let index = 0; index <= RUNS; index += 1) {
    all.forEach((cipher, place) => {
      const now = speed(cipher);
      if (index > 0) speeds[place].push(now);
    });
  }
  const [our, ...theirs] = speeds.map(median);
  rivals.forEach(([suffix, whose], place) => {
    const their = theirs[place];
    console.log(JSON.stringify({
      bench: name + suffix, unit: "MB/s", ours: round(our), base: round(their), ratio: round(our / their),
      what_base_is: `${whose} in WebAssembly; packets of 32 KiB sealed and opened, in Node`,
    }));
  });
}
