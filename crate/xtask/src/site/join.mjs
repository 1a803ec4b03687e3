// Joins the modules of each program of the site in the folder given as argument into one file.
// Writes the results to joined/ and prints which files are in them, one a line.
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";

const [, folder, ...programs] = process.argv;

// Names are as in the site, where the folder is the top. What is imported on demand stays a file.
const site = {
  name: "site",
  setup({ onResolve }) {
    onResolve({ filter: /^[./]/ }, ({ path, kind, importer }) => {
      if (kind === "entry-point") return undefined;
      const file = join(path.startsWith("/") ? folder : dirname(importer), path);
      if (kind === "dynamic-import") return { path: `/${relative(folder, file)}`, external: true };
      return { path: file };
    });
  },
};

const { metafile } = await build({
  absWorkingDir: folder,
  entryPoints: programs.map((name) => join(folder, name)),
  outdir: "joined",
  bundle: true,
  format: "esm",
  target: "esnext",
  charset: "utf8",
  // Names stay: the site's files are found by how these programs write them.
  minifyWhitespace: true,
  minifySyntax: true,
  // licences.txt has them.
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  plugins: [site],
});
console.log(Object.keys(metafile.inputs).join("\n"));
