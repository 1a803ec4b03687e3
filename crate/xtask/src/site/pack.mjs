// Joins the module given as argument with all that it imports from node_modules/, and prints the result.
import { build } from "esbuild";

const [, module] = process.argv;
const { outputFiles } = await build({
  entryPoints: [module],
  bundle: true,
  write: false,
  format: "esm",
  target: "esnext",
  charset: "utf8",
  minify: true,
  // licences.txt has them.
  legalComments: "none",
  logLevel: "warning",
});
process.stdout.write(outputFiles[0].text);
