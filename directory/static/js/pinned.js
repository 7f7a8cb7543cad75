// Where places of work lie, before and after, on a map that loads when it is opened.

import { drawn } from "./land.js";

async function show(box) {
  const pins = JSON.parse(box.dataset.pins);
  const map = await drawn(box.querySelector("[data-map-canvas]"), box.dataset);
  const spots = pins.map(({ lat, lon, name, kind }) => {
    const icon = L.divIcon({ className: `pin ${kind}`, iconSize: [30, 30] });
    const below = { permanent: true, direction: "bottom", offset: [0, 18], className: "map-town" };
    const label = Object.assign(document.createElement("span"), { textContent: name });
    return L.marker([lat, lon], { icon, keyboard: false }).bindTooltip(label, below).addTo(map);
  });
  const close = box.dataset.tiles ? 13 : 6;
  map.fitBounds(L.featureGroup(spots).getBounds().pad(0.4), { maxZoom: close, animate: false });
}

for (const box of document.querySelectorAll("[data-pins]")) {
  box.addEventListener("toggle", () => {
    if (!box.open || box.dataset.shown) return;
    box.dataset.shown = "1";
    show(box).catch(() => (box.hidden = true));
  });
}
