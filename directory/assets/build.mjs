// Copies just what the site serves itself from node_modules into static/vendor, each beside
// its licence. A second run with the same lock and script does nothing.
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const vendor = join(here, "..", "static", "vendor");
const fresh = `${vendor}.new`;
const require = createRequire(import.meta.url);

const COPIED = {
  "htmx.org": { "dist/htmx.min.js": "htmx/htmx.min.js", LICENSE: "htmx/LICENSE" },
  leaflet: {
    "dist/leaflet.js": "leaflet/leaflet.js",
    "dist/leaflet.css": "leaflet/leaflet.css",
    "dist/images": "leaflet/images",
    LICENSE: "leaflet/LICENSE",
  },
  "leaflet.markercluster": {
    "dist/leaflet.markercluster.js": "markercluster/leaflet.markercluster.js",
    "dist/MarkerCluster.css": "markercluster/MarkerCluster.css",
    "MIT-LICENCE.txt": "markercluster/LICENSE",
  },
  "topojson-client": {
    "dist/topojson-client.min.js": "topojson/topojson-client.min.js",
    LICENSE: "topojson/LICENSE",
  },
  "world-atlas": { LICENSE: "outlines/LICENSE-world-atlas" },
  "us-atlas": { LICENSE: "outlines/LICENSE-us-atlas" },
  "swagger-ui-dist": {
    "swagger-ui.css": "swagger-ui/swagger-ui.css",
    "swagger-ui-bundle.js": "swagger-ui/swagger-ui-bundle.js",
    "swagger-ui-bundle.js.LICENSE.txt": "swagger-ui/LICENSE-bundled.txt",
    LICENSE: "swagger-ui/LICENSE",
    NOTICE: "swagger-ui/NOTICE",
  },
};

// The share of points kept: coasts stay recognisable at zoom 8 and a file stays below 250 KB.
const OUTLINES = [
  { from: "world-atlas/countries-50m.json", object: "countries", kept: 0.29, to: "countries.json" },
  { from: "us-atlas/states-10m.json", object: "states", kept: 0.85, to: "us-states.json" },
];

function stampOf() {
  const hash = createHash("sha256");
  for (const name of ["package-lock.json", "build.mjs"]) hash.update(readFileSync(join(here, name)));
  return hash.digest("hex");
}

function copy(name, files) {
  const root = join(here, "node_modules", name);
  for (const [from, to] of Object.entries(files)) {
    const target = join(fresh, to);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(root, from), target, { recursive: true });
  }
}

// Source maps are not served: a dangling reference would make every visitor's debugger ask for one.
function dropSourceMap(path) {
  const file = join(fresh, path);
  writeFileSync(file, readFileSync(file, "utf8").replace(/\s*\/[*\/]# sourceMappingURL=\S+\s*$/, "\n"));
}

function outline({ from, object, kept, to }) {
  const client = require("topojson-client");
  const { presimplify, quantile, simplify } = require("topojson-simplify");
  const raw = JSON.parse(readFileSync(join(here, "node_modules", from), "utf8"));
  const geometries = raw.objects[object].geometries;
  for (const geometry of geometries) {
    delete geometry.properties;
    delete geometry.id;
  }
  const weighted = presimplify({ ...raw, objects: { outlines: raw.objects[object] } });
  const simple = simplify(weighted, quantile(weighted, kept));
  mkdirSync(join(fresh, "outlines"), { recursive: true });
  writeFileSync(join(fresh, "outlines", to), JSON.stringify(client.quantize(simple, 2e4)));
}

// The web server sends these to every browser that takes them; made here, once.
function compress() {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  for (const name of readdirSync(fresh, { recursive: true })) {
    if (!/\.(js|css|json)$/.test(name)) continue;
    const bytes = readFileSync(join(fresh, name));
    writeFileSync(join(fresh, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    writeFileSync(join(fresh, `${name}.br`), brotliCompressSync(bytes, { params }));
  }
}

const stamp = stampOf();
const stampFile = join(vendor, ".stamp");
if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) {
  console.log("front-end libraries: up to date");
} else {
  rmSync(fresh, { recursive: true, force: true });
  for (const [name, files] of Object.entries(COPIED)) copy(name, files);
  dropSourceMap("leaflet/leaflet.js");
  dropSourceMap("markercluster/leaflet.markercluster.js");
  dropSourceMap("swagger-ui/swagger-ui-bundle.js");
  dropSourceMap("swagger-ui/swagger-ui.css");
  OUTLINES.forEach(outline);
  compress();
  writeFileSync(join(fresh, ".stamp"), stamp);
  rmSync(vendor, { recursive: true, force: true });
  renameSync(fresh, vendor);
  console.log("front-end libraries: copied to static/vendor");
}
