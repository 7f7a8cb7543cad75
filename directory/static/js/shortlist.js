// The shortlist lives in this browser alone: slugs in localStorage, shown and changed here.

const KEY = "stillpoint.shortlist";
const MOST = 50;
document.documentElement.classList.add("js");

function load() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((slug) => typeof slug === "string") : [];
  } catch {
    return [];
  }
}

function save(slugs) {
  try {
    localStorage.setItem(KEY, JSON.stringify(slugs.slice(0, MOST)));
  } catch {
    // Private windows may refuse; then nothing is kept, which is what they are for.
  }
  show();
}

function show() {
  const kept = load();
  for (const count of document.querySelectorAll("[data-shortlist-count]")) {
    count.hidden = kept.length === 0;
    count.textContent = kept.length;
  }
  for (const button of document.querySelectorAll("[data-keep]")) {
    button.setAttribute("aria-pressed", String(kept.includes(button.dataset.keep)));
  }
}

function toggle(slug) {
  const kept = load();
  save(kept.includes(slug) ? kept.filter((one) => one !== slug) : [...kept, slug]);
}

document.addEventListener("click", (event) => {
  const keep = event.target.closest("[data-keep]");
  if (keep) toggle(keep.dataset.keep);
  if (event.target.closest("[data-print]")) window.print();
});
document.addEventListener("htmx:afterSettle", show);
window.addEventListener("storage", show);
show();

const page = document.querySelector("[data-shortlist-page]");
if (page) startPage(page);

function startPage(page) {
  const box = page.querySelector("#shortlist");
  const says = page.querySelector("[data-shortlist-says]");
  const undo = page.querySelector("[data-undo]");
  const shared = new URLSearchParams(location.search).getAll("s");
  const own = () => shared.length === 0;
  const address = (slugs) => {
    const asked = new URLSearchParams(slugs.map((slug) => ["s", slug]));
    return `${page.dataset.address}?${asked}`;
  };
  let before = [];
  let near = "";

  async function draw() {
    const slugs = own() ? load() : shared;
    if (own()) {
      const from = near && `&${new URLSearchParams({ near })}`;
      const url = slugs.length ? address(slugs) + from : page.dataset.address;
      const answer = await fetch(url, { headers: { "HX-Request": "true" } });
      if (answer.ok) box.innerHTML = await answer.text();
    }
    const all = box.querySelector("[data-keep-all]");
    if (all) all.hidden = own() || shared.every((slug) => load().includes(slug));
    for (const button of box.querySelectorAll("[data-remove], [data-clear]")) button.hidden = !own();
  }

  function change(slugs, words) {
    before = load();
    save(slugs);
    says.textContent = words;
    undo.hidden = false;
    return draw();
  }

  async function share() {
    const link = new URL(address(own() ? load() : shared), location.href).href;
    const field = box.querySelector("#share");
    box.querySelector("[data-share-link]").hidden = false;
    field.value = link;
    field.select();
    try {
      await navigator.clipboard.writeText(link);
      says.textContent = says.dataset.copied;
    } catch {
      field.focus();
    }
  }

  page.addEventListener("click", (event) => {
    const remove = event.target.closest("[data-remove]");
    if (remove) {
      const rest = load().filter((slug) => slug !== remove.dataset.remove);
      change(rest, says.dataset.removed).then(() => undo.firstElementChild.focus());
    }
    if (event.target.closest("[data-clear]")) clear();
    if (event.target.closest("[data-share]")) share();
    if (event.target.closest("[data-keep-all]")) {
      change([...new Set([...load(), ...shared])], says.dataset.kept);
    }
    if (event.target.closest("[data-undo]")) {
      save(before);
      undo.hidden = true;
      says.textContent = "";
      draw();
    }
  });

  // One's own list stays one's own: no address says who is on it.
  page.addEventListener("submit", (event) => {
    if (!own() || !event.target.matches("[data-compare-from]")) return;
    event.preventDefault();
    near = event.target.elements.near.value;
    draw().then(() => box.querySelector("#compare-near")?.focus());
  });

  function clear() {
    change([], says.dataset.cleared).then(() => undo.firstElementChild.focus());
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Delete" || event.target.closest("input, select, textarea")) return;
    if (own() && load().length) clear();
  });
  draw();
}
