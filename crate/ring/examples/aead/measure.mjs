// Measures the ciphers in V8: node measure.mjs PROGRAM.wasm [REAL.wasm] NAME…, one JSON line for each
// name, and one more where there is the real ring's program and the cipher is one of ring's.
import { readFileSync } from "node:fs";

const PACKET_BYTES = 32 * 1024;
// All take turns so short that a busy machine lets most of them finish undisturbed.
const PACKETS = 1;
const ROUNDS = 1000;
// Seconds of each that are not counted, until the compiler has done its best.
const WARM_UP = 0.5;
const NAMES = {
  "aead-chacha": { which: 0, inRing: true },
  "aead-aes-gcm": { which: 2, inRing: true },
  "aead-aes-ctr": { which: 4, inRing: false },
};

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
  const begin = performance.now();
  if (run(which, PACKETS) !== PACKETS) throw new Error(`cipher ${which} failed`);
  return (2 * PACKETS * PACKET_BYTES) / 1e3 / (performance.now() - begin);
}

const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];
const round = (number) => Math.round(number * 1000) / 1000;

for (const name of names) {
  const { which, inRing } = NAMES[name];
  const rivals = [["", "RustCrypto", own, which + 1]];
  if (real && inRing) rivals.push(["/ring", "the real ring", real, which]);
  const all = [[own, which], ...rivals.map(([, , run, which]) => [run, which])];
  for (const cipher of all) {
    const begin = performance.now();
    while (performance.now() - begin < WARM_UP * 1000) speed(cipher);
  }
  const speeds = all.map(() => []);
  for (let index = 0; index < ROUNDS; index += 1)
    all.forEach((cipher, place) => speeds[place].push(speed(cipher)));
  const [our, ...theirs] = speeds.map(median);
  rivals.forEach(([suffix, whose], place) => {
    const their = theirs[place];
    console.log(JSON.stringify({
      bench: name + suffix, unit: "MB/s", ours: round(our), base: round(their), ratio: round(our / their),
      what_base_is: `${whose} in WebAssembly; packets of 32 KiB sealed and opened, in Node`,
    }));
  });
}
