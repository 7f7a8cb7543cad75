// Reading the queue by keyboard, undoing for ten seconds, and what else needs no new page.

// A site that is busy is asked again, so often and after so many milliseconds.
const TRIES = 4;
const BUSY = 1500;
const UNDO_SHOWN = 10_000;
const ASK_EVERY = 400;
const ASKED_AT_MOST = 60;
const SWITCH = "admin-keys";

const list = document.querySelector("[data-queue]");
const review = document.querySelector("[data-review]");
const status = document.querySelector("[data-status]");
const help = document.getElementById("keys");
const keySwitch = document.querySelector("[data-keys-switch]");

function remembered() {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

let on = remembered();

function showSwitch() {
  keySwitch?.setAttribute("aria-pressed", String(on));
  keySwitch?.querySelector("[data-on]").toggleAttribute("hidden", !on);
  keySwitch?.querySelector("[data-off]").toggleAttribute("hidden", on);
}

keySwitch?.addEventListener("click", () => {
  on = !on;
  try {
    localStorage.setItem(SWITCH, on ? "on" : "off");
  } catch {
    // It holds for this page at least.
  }
  showSwitch();
});
document.querySelector("[data-keys-help]")?.addEventListener("click", () => help.showModal());
showSwitch();

// A form sent without leaving the page; true when the server did what was asked.
async function post(action, body, tries = TRIES) {
  const answer = await fetch(action, { method: "POST", body, redirect: "manual" }).catch(() => null);
  if (answer?.status === 503 && tries > 1) {
    await new Promise((again) => setTimeout(again, BUSY));
    return post(action, body, tries - 1);
  }
  return answer?.type === "opaqueredirect" || Boolean(answer?.ok);
}

// One after the other, however fast the keys are: they all write to one database.
let turn = Promise.resolve();
function sent(action, form) {
  const body = new URLSearchParams(new FormData(form));
  turn = turn.then(() => post(action, body));
  return turn;
}

function fadeUndo(form) {
  setTimeout(() => form.isConnected && form.remove(), UNDO_SHOWN);
}

// The queue.

const rows = () => [...list.querySelectorAll("[data-row]")];
const opener = (row) => row.querySelector("[data-open]");
let last = null;

function current() {
  return document.activeElement?.closest("[data-row]") ?? null;
}

function move(by) {
  const all = rows();
  const at = all.indexOf(current());
  const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1);
  const row = all[next];
  opener(row)?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

function tell(row, words) {
  row.querySelector("[data-says]").textContent = words;
  status.textContent = `${words}: ${row.dataset.title}`;
}

async function approve(row) {
  const form = row.querySelector("[data-approve]");
  if (!form) return tell(row, list.dataset.read);
  if (row.classList.contains("decided")) return;
  row.classList.add("decided");
  // What is pressed next is meant for the line below; this one is on its way.
  move(1);
  if (!(await sent(form.action, form))) {
    row.classList.remove("decided");
    return tell(row, list.dataset.failed);
  }
  row.querySelector("[name=pick]").disabled = true;
  last = row;
  tell(row, list.dataset.approved);
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button", textContent: list.dataset.undoWords });
  button.addEventListener("click", () => undo(row));
  row.querySelector("[data-says]").append(" ", button);
  fadeUndo(button);
}

async function undo(row) {
  const form = row?.querySelector("[data-approve]");
  if (!form || !row.classList.contains("decided")) return;
  if (!(await sent(form.dataset.undo, form))) return tell(row, list.dataset.late);
  row.classList.remove("decided");
  row.querySelector("[name=pick]").disabled = false;
  last = null;
  tell(row, list.dataset.undone);
}

if (list) {
  list.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-approve]")) return;
    event.preventDefault();
    approve(event.target.closest("[data-row]"));
  });
  document.querySelector("[data-tick-all]").addEventListener("click", () => {
    for (const box of list.querySelectorAll(".plain [name=pick]:not(:disabled)")) box.checked = true;
  });
  // Who uses no keys begins at the top of the page, as everywhere; and nobody's page moves away
  // from its title, as it would on a phone.
  const first = rows()[0]?.getBoundingClientRect();
  if (on && first && first.bottom <= innerHeight) move(0);
}

const inQueue = {
  j: () => move(1),
  k: () => move(-1),
  o: () => current() && opener(current()).click(),
  a: () => current() && approve(current()),
  u: () => undo(last),
};

// The page where one is read.

const act = (what) => document.querySelector(`[data-do="${what}"]`);

function press(what) {
  const form = act(what);
  const button = form?.querySelector("button:not(:disabled)");
  if (button && !form.dataset.pressed) {
    form.dataset.pressed = "1";
    form.requestSubmit(button);
  }
}

function write(what) {
  const box = document.getElementById("notes");
  const button = act(what);
  if (!button) return; // nobody is there to be asked
  if (box.value.trim()) button.focus();
  else box.focus();
  for (const one of document.querySelectorAll("[data-answer] [data-do]")) {
    one.classList.toggle("main", one === button);
  }
}

function field(by) {
  const all = [...document.querySelectorAll("[data-difference]")];
  const at = all.indexOf(document.activeElement?.closest("[data-difference]"));
  all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
}

const inReview = {
  a: () => press("approve"),
  n: () => press("next"),
  e: () => write("ask"),
  r: () => write("reject"),
  j: () => field(1),
  k: () => field(-1),
};

if (review) {
  // Ready-made words go into the box, where they can be edited.
  document.querySelector("[data-answer]").addEventListener("change", ({ target }) => {
    const chosen = target.matches("[data-canned]") && target.selectedOptions[0];
    if (!chosen || !chosen.dataset.words) return;
    const note = target.closest("[data-note]");
    const box = note.querySelector("textarea");
    box.value = [box.value.trim(), chosen.dataset.words].filter(Boolean).join("\n");
    const about = note.querySelector("[name^=field]");
    about.value ||= chosen.dataset.field;
    target.value = "";
    box.focus();
  });
  // Whoever came by a link tells the others by being here.
  const take = document.querySelector("[data-take] form");
  if (take) sent(take.action, take).then((done) => done && take.closest("[data-take]").remove());
}

// Both pages.

const undoForm = status?.querySelector("[data-undo]");
if (undoForm) fadeUndo(undoForm);

async function poll(line) {
  for (let asked = 0; asked < ASKED_AT_MOST; asked += 1) {
    const answer = await fetch(line.dataset.poll).catch(() => null);
    const text = answer?.ok ? await answer.text() : "";
    if (text) line.innerHTML = text;
    if (line.querySelector("[data-found]")) return;
    await new Promise((done) => setTimeout(done, ASK_EVERY));
  }
}
const line = status?.querySelector("[data-poll]");
if (line) poll(line);

const keys = {
  ...(list ? inQueue : {}),
  ...(review ? inReview : {}),
  "?": () => help?.showModal(),
};
const leftUndo = () => status?.querySelector("[data-undo]")?.requestSubmit();

document.addEventListener("keydown", (event) => {
  const { key, target, repeat } = event;
  if (!on || repeat || help?.open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.closest("select, textarea, input:not([type=checkbox]), [contenteditable]")) return;
  const does = key === "u" && !last ? leftUndo : keys[key];
  if (!does) return;
  event.preventDefault();
  does();
});
