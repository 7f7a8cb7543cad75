// The pin of a place: dragged, moved by buttons, or typed as two numbers, whichever is easiest.

import { drawn } from "./land.js";

const STEP = 0.0009; // of a degree of latitude: 100 metres
const box = document.querySelector("[data-pin]");
const says = box.querySelector("[data-pin-says]");
const typed = document.getElementById("position");

function position() {
  const numbers = typed.value.replaceAll("−", "-").match(/[-+]?\d+(?:\.\d+)?/g)?.map(Number) ?? [];
  const [lat, lon] = numbers;
  const sound = numbers.length === 2 && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  return sound ? { lat, lon } : null;
}

function write({ lat, lon }) {
  typed.value = `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
  says.textContent = box.dataset.moved.replace("{where}", typed.value);
}

async function start() {
  box.hidden = false;
  const map = await drawn(box.querySelector("[data-map-canvas]"), box.dataset);
  const icon = L.divIcon({ className: "pin", iconSize: [30, 30] });
  let pin = null;

  function show(where) {
    if (!where) return;
    if (pin) pin.setLatLng([where.lat, where.lon]);
    else {
      // The buttons below are its keyboard.
      box.querySelector("[data-moves]").hidden = false;
      pin = L.marker([where.lat, where.lon], { icon, draggable: true, keyboard: false });
      pin.addTo(map).on("dragend", () => {
        const at = pin.getLatLng().wrap();
        write({ lat: at.lat, lon: at.lng });
      });
      map.setView([where.lat, where.lon], box.dataset.tiles ? 14 : 6, { animate: false });
      // Bare outlines: a name says where we are.
      const name = Object.assign(document.createElement("span"), { textContent: box.dataset.name });
      const below = { permanent: true, direction: "bottom", offset: [0, 18], className: "map-town" };
      if (!box.dataset.tiles) pin.bindTooltip(name, below);
    }
    if (!map.getBounds().contains(pin.getLatLng())) map.panTo(pin.getLatLng());
  }

  if (box.dataset.view) map.setView(box.dataset.view.split(" ").map(Number), 3, { animate: false });
  show(position());
  typed.addEventListener("change", () => show(position()));
  map.on("click", ({ latlng }) => {
    const at = latlng.wrap();
    write({ lat: at.lat, lon: at.lng });
    show(position());
  });
  box.addEventListener("click", (event) => {
    const way = event.target.closest("[data-move]")?.dataset.move;
    const now = position();
    if (!way || !now) return;
    const wide = STEP / Math.max(Math.cos((now.lat * Math.PI) / 180), 0.05);
    const [up, right] = { north: [STEP, 0], south: [-STEP, 0], west: [0, -wide], east: [0, wide] }[way];
    write({ lat: Math.min(Math.max(now.lat + up, -90), 90), lon: now.lon + right });
    show(position());
  });
}

start().catch(() => (box.hidden = true));
