// The map, drawn only when somebody opens it. It shows what the list shows, and never more.

import { drawn, json } from "./land.js";

const box = document.getElementById("map");
const button = document.getElementById("open-map");
const canvas = box.querySelector("[data-map-canvas]");
const says = box.querySelector("[data-map-says]");
const here = box.querySelector("[data-search-area]");
const PER_PAGE = 100;
const MOST_PAGES = 3;
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
let map, pins, circle;
let names = [];
let markers = new Map();

// A search by POST has no address: what was asked stands in the form alone.
const form = document.getElementById("search");
const again = document.getElementById("again");

// The API refuses what it does not know; a page's address may hold more, such as utm_source.
const ASKED = (
  "q profession condition near lat lon within beyond language credential ages access times fees " +
  "online serves practitioner up_to accepting home_visits sort"
).split(" ");

function asked() {
  const params = new URLSearchParams(again ? new FormData(form) : location.search);
  for (const [name, value] of [...params]) {
    if (!value || !ASKED.includes(name)) params.delete(name, value);
  }
  return params;
}

function page(params) {
  return again ? json(box.dataset.api, params) : json(`${box.dataset.api}?${params}`);
}

async function results() {
  const params = asked();
  params.set("per_page", PER_PAGE);
  params.set("facets", 0);
  const first = await page(params);
  const pages = Math.min(Math.ceil(first.total / PER_PAGE), MOST_PAGES);
  const rest = [];
  for (let number = 2; number <= pages; number += 1) {
    params.set("page", number);
    rest.push(page(new URLSearchParams(params)));
  }
  const all = [first, ...(await Promise.all(rest))];
  return { ...first, results: all.flatMap((one) => one.results) };
}

async function start() {
  says.textContent = box.dataset.loading;
  map = await drawn(canvas, box.dataset, { worldCopyJump: true });
  L.control.scale({ imperial: Boolean(box.dataset.miles), metric: !box.dataset.miles }).addTo(map);
  map.on("zoomend", () => setTimeout(thinOut));
  map.on("moveend", () => {
    here.hidden = false;
    if (!again) here.href = `/search?${area()}#map`;
  });
}

function popup(result, place) {
  const content = document.createElement("div");
  const link = document.createElement("a");
  link.href = `/practitioners/${encodeURIComponent(result.slug)}`;
  link.textContent = result.name;
  const town = document.createElement("p");
  town.textContent = [place.locality, place.region].filter(Boolean).join(", ");
  content.append(link, town);
  return content;
}

function pin(result, place, card) {
  const html = document.createElement("span");
  const name = Object.assign(document.createElement("span"), { className: "sr-only", textContent: result.name });
  const number = Object.assign(document.createElement("span"), {
    ariaHidden: "true",
    textContent: card?.querySelector("h2").dataset.number ?? "",
  });
  html.append(number, name);
  const icon = L.divIcon({ className: "pin", iconSize: [26, 26], html });
  const marker = L.marker([place.lat, place.lon], { icon, title: result.name, alt: result.name });
  marker.on("add", () => {
    for (const [event, on] of [["mouseenter", true], ["mouseleave", false], ["focus", true], ["blur", false]]) {
      marker.getElement().addEventListener(event, () => card?.classList.toggle("lit", on));
    }
  });
  return marker.bindPopup(() => popup(result, place), { maxWidth: 260 });
}

// Cards and pins point at each other, and have the same number.
function numbered() {
  const before = (Number(new URLSearchParams(location.search).get("page") ?? 1) - 1) * 20;
  const cards = [...document.querySelectorAll("#results .card")];
  cards.forEach((card, index) => (card.querySelector("h2").dataset.number = before + index + 1));
  return new Map(cards.map((card) => [new URL(card.querySelector("h2 a").href).pathname.split("/").pop(), card]));
}

function point(card, clusters) {
  const slug = new URL(card.querySelector("h2 a").href).pathname.split("/").pop();
  const light = (on) => {
    for (const marker of markers.get(slug) ?? []) {
      clusters.getVisibleParent(marker)?.getElement()?.classList.toggle("lit", on);
    }
  };
  for (const [event, on] of [["mouseenter", true], ["mouseleave", false], ["focusin", true], ["focusout", false]]) {
    card.addEventListener(event, () => light(on));
  }
}

function cluster(group) {
  const size = group.getChildCount() < 10 ? 38 : 46;
  const html = `${group.getChildCount()}<span class="sr-only"> ${box.dataset.here}</span>`;
  return L.divIcon({ html, className: "cluster", iconSize: [size, size] });
}

// Without tiles the land is bare: the biggest places found say where we are.
function townNames(results) {
  const towns = new Map();
  for (const result of results) {
    for (const place of result.locations) {
      if (place.lat === null) continue;
      const known = towns.get(place.locality);
      if (known) known.count += 1;
      else towns.set(place.locality, { ...place, count: 1 });
    }
  }
  const most = [...towns.values()].sort((a, b) => b.count - a.count).slice(0, 14);
  return most.map((town) => {
    const content = document.createElement("span");
    content.textContent = town.locality;
    const at = { permanent: true, direction: "bottom", offset: [0, 24], className: "map-town" };
    return L.tooltip([town.lat, town.lon], { ...at, content });
  });
}

// No name stands on a pin or on another name: the place with more practitioners keeps its own.
function thinOut() {
  const kept = [...canvas.querySelectorAll(".pin, .cluster")].map((one) =>
    one.getBoundingClientRect(),
  );
  for (const name of names) {
    const element = name.getElement();
    if (!element) continue;
    element.classList.remove("crowded");
    const box = element.getBoundingClientRect();
    const clash = kept.some(
      (other) =>
        box.left < other.right &&
        box.right > other.left &&
        box.top < other.bottom &&
        box.bottom > other.top,
    );
    if (clash) element.classList.add("crowded");
    else kept.push(box);
  }
}

async function draw() {
  const answer = await results();
  pins?.remove();
  circle?.remove();
  const cluster_ = L.markerClusterGroup({
    iconCreateFunction: cluster,
    showCoverageOnHover: false,
    maxClusterRadius: 80,
    animate: !still.matches,
    spiderfyDistanceMultiplier: 1.6,
  });
  const placed = answer.results.filter((one) => one.locations.some((place) => place.lat !== null));
  const cards = numbered();
  markers = new Map();
  for (const result of placed) {
    const own = result.locations.filter((place) => place.lat !== null);
    const drawn = own.map((place) => pin(result, place, cards.get(encodeURIComponent(result.slug))));
    markers.set(result.slug, drawn);
    cluster_.addLayers(drawn);
  }
  for (const card of cards.values()) point(card, cluster_);
  cluster_.on("animationend", thinOut);
  names = box.dataset.tiles ? [] : townNames(placed);
  if (answer.place?.kind === "point") {
    circle = L.circle([answer.place.lat, answer.place.lon], {
      radius: answer.place.within_km * 1000,
      className: "map-circle",
      weight: 1.5,
      fillOpacity: 0.05,
      interactive: false,
    }).addTo(map);
    map.fitBounds(circle.getBounds(), { animate: false });
  } else if (placed.length) {
    map.fitBounds(cluster_.getBounds().pad(0.1), { animate: false, maxZoom: 9 });
  } else if (answer.place) {
    map.setView([answer.place.lat, answer.place.lon], 6, { animate: false });
  }
  // Only now: pins drawn before the map has found its place would move under the eye.
  pins = L.layerGroup([cluster_, ...names]).addTo(map);
  thinOut();
  here.hidden = true;
  says.textContent = box.dataset.shown
    .replace("{shown}", placed.length.toLocaleString(document.documentElement.lang))
    .replace("{total}", answer.total.toLocaleString(document.documentElement.lang));
}

// The middle of the map and the way to its nearest edge, both rounded.
function area() {
  const centre = map.getCenter().wrap();
  const bounds = map.getBounds();
  const metres = Math.min(
    map.distance(centre, [bounds.getNorth(), centre.lng]),
    map.distance(centre, [centre.lat, centre.lng + (bounds.getEast() - bounds.getWest()) / 2]),
  );
  const params = asked();
  params.delete("near");
  params.set("lat", centre.lat.toFixed(2));
  params.set("lon", centre.lng.toFixed(2));
  params.set("within", `${Math.min(Math.max(Math.round(metres / 1000), 1), 500)}km`);
  return params;
}

here.addEventListener("click", (event) => {
  if (!again) return;
  event.preventDefault();
  const whole = Object.assign(document.createElement("input"), { type: "hidden", name: "again" });
  whole.value = area();
  again.action += "#map";
  again.append(whole);
  again.submit();
});

async function open(on) {
  box.hidden = !on;
  box.parentElement.classList.toggle("with-map", on);
  button.setAttribute("aria-expanded", String(on));
  button.querySelector("[data-show]").hidden = on;
  button.querySelector("[data-hide]").hidden = !on;
  if (!on) return;
  try {
    if (!map) await start();
    map.invalidateSize();
    await draw();
  } catch {
    says.textContent = box.dataset.failed;
    canvas.hidden = !map;
  }
}

button.addEventListener("click", () => open(box.hidden));
document.addEventListener("htmx:afterSettle", () => {
  if (!box.hidden && map) draw().catch(() => (says.textContent = box.dataset.failed));
});
if (location.hash === "#map") open(true);
