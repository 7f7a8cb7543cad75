// Leaflet and the outlines of land, loaded when a map is wanted and not before.

function style(href) {
  return new Promise((done, failed) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    link.onload = done;
    link.onerror = failed;
    // Before our own styles, which then win.
    document.head.prepend(link);
  });
}

function script(src) {
  return new Promise((done, failed) => {
    const tag = Object.assign(document.createElement("script"), { src, async: false });
    tag.onload = done;
    tag.onerror = failed;
    document.head.append(tag);
  });
}

// What an address answers, read as JSON; parameters in `body` stay out of the address.
export async function json(url, body) {
  const answer = await fetch(url, body && { method: "POST", body });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

// Land across the date line is drawn on one side of it, not as a line around the world.
function unwrapped(ring) {
  if (ring.some(([, lat]) => lat < -80)) return ring;
  let before = ring[0][0];
  return ring.map(([lon, lat]) => {
    before = lon - 360 * Math.round((lon - before) / 360);
    return [before, lat];
  });
}

function outlines(topology) {
  const [name] = Object.keys(topology.objects);
  const land = topojson.feature(topology, topology.objects[name]);
  for (const { geometry } of land.features) {
    const many = geometry?.type === "MultiPolygon";
    const polygons = many ? geometry.coordinates : [geometry?.coordinates ?? []];
    const whole = polygons.map((rings) => rings.map(unwrapped));
    if (geometry) geometry.coordinates = many ? whole : whole[0];
  }
  const look = { className: "map-land", weight: 1, fillOpacity: 1 };
  return L.geoJSON(land, { interactive: false, pane: "land", style: look });
}

// A map in `canvas` with tiles when the site has them, else with outlines; `about` says from where.
// `options` are Leaflet's, beside our own.
export async function drawn(canvas, about, options = {}) {
  await Promise.all([
    ...about.styles.split(" ").map(style),
    ...about.scripts.split(" ").map(script),
  ]);
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(canvas, {
    minZoom: 2,
    maxZoom: about.tiles ? 18 : 13,
    zoomAnimation: !still,
    fadeAnimation: !still,
    inertia: !still,
    ...options,
  }).setView([25, 0], 2);
  map.attributionControl.setPrefix(false);
  map.createPane("land").style.zIndex = 150;
  if (about.tiles) {
    L.tileLayer(about.tiles, { maxZoom: 18 }).addTo(map);
  } else {
    map.attributionControl.addAttribution(about.outlines);
    for (const land of await Promise.all([json(about.countries), json(about.states)])) {
      outlines(land).addTo(map);
    }
  }
  return map;
}
