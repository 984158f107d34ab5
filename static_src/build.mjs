// Bundles what browsers load from npm packages: static_src/*.js → static/build/, minified ES modules.
// Our own page scripts are in static/js and are served as they are written.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  entryPoints: [here("editor.js"), here("htmx.js")],
  outdir: here("../static/build"),
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome100", "firefox101", "safari16.4"],
  legalComments: "linked",
  logLevel: "info",
});
