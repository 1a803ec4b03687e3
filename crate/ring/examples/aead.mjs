// Measures the ciphers in V8: node aead.mjs PROGRAM.wasm NAME…, one JSON line for each name.
import { readFileSync } from "node:fs";

const RUNS = 5;
const PACKET_BYTES = 32 * 1024;
const SECONDS = 0.4;
const NAMES = { "aead-chacha": 0, "aead-aes-gcm": 2 };

const [program, ...names] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(program), {});
const { seal_and_open: run } = instance.exports;

// MB/s of sealing and opening together: each packet is worked on twice.
function speed(which) {
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
  const [ours, base] = [[], []];
  // Once without counting, until the compiler has done its best.
  for (let index = 0; index <= RUNS; index += 1) {
    const pair = [speed(which), speed(which + 1)];
    if (index === 0) continue;
    ours.push(pair[0]);
    base.push(pair[1]);
  }
  const [our, their] = [median(ours), median(base)];
  console.log(JSON.stringify({
    bench: name, unit: "MB/s", ours: round(our), base: round(their), ratio: round(our / their),
    what_base_is: "RustCrypto in WebAssembly; packets of 32 KiB sealed and opened, in Node",
  }));
}
