// Writes a .br and a .gz beside every compressible file of the folder given as argument.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const compressible = /\.(css|html|js|json|svg|txt|wasm|webmanifest)$/;
// Bytes below which the headers of a second file cost more than they save.
const worthwhile = 256;
const folder = process.argv.at(-1);

async function compress(name) {
  const path = join(folder, name);
  const bytes = await readFile(path);
  if (bytes.length < worthwhile) return;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(bytes, { params }),
    promisify(gzip)(bytes, { level: 9 }),
  ]);
  if (br.length < bytes.length) await writeFile(`${path}.br`, br);
  if (gz.length < bytes.length) await writeFile(`${path}.gz`, gz);
}

const names = await readdir(folder, { recursive: true });
await Promise.all(names.filter((name) => compressible.test(name)).map(compress));
