// The editor saves by itself: two seconds after the last change, and when somebody leaves.
// What stands in the boxes is never touched; offline it is tried again.

const WAIT = 2000;
const TRY_AGAIN = 15_000;
const FEW_LEFT = 50;
// What a browser still sends for a page that is gone (64 KB), less the headers.
const MOST_KEPT_ALIVE = 60_000;

for (const form of document.querySelectorAll("form[data-autosave]")) start(form);
for (const hint of document.querySelectorAll("[data-left]")) count(hint);

function start(form) {
  const says = form.querySelector("[data-saving]");
  const both = form.querySelector("[data-both]");
  let before = written();
  let timer;
  let busy = null;
  let sending = "";
  let leaving = false;
  let stuck = false;
  let collided = false;

  function written() {
    const data = new FormData(form);
    data.delete("seen");
    data.delete("csrf_token");
    return new URLSearchParams(data).toString();
  }

  const dirty = () => written() !== before;

  function tell(state, values = {}) {
    let text = says.dataset[state] ?? "";
    for (const [name, value] of Object.entries(values)) text = text.replace(`{${name}}`, value);
    if (says.textContent !== text) says.textContent = text;
    says.classList.toggle("attention", !["saved", "held", "waiting", ""].includes(state));
  }

  function save() {
    clearTimeout(timer);
    if (busy || leaving || collided || !dirty()) return;
    busy = send().finally(() => {
      busy = null;
      if (dirty() && !collided && !leaving) timer = setTimeout(save, stuck ? TRY_AGAIN : WAIT);
    });
  }

  // The last chance: what is on its way may be older than what stands there.
  function leave() {
    if (!busy) save();
    else if (!leaving && !collided && written() !== sending) send();
  }

  async function send() {
    const sent = (sending = written());
    const body = new URLSearchParams(new FormData(form)).toString();
    let answer, told;
    try {
      answer = await fetch(form.action, {
        method: "POST",
        body,
        headers: {
          "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
          "X-Autosave": "1",
        },
        keepalive: body.length < MOST_KEPT_ALIVE,
      });
    } catch {
      stuck = true;
      return tell("offline");
    }
    try {
      told = await answer.json();
    } catch {
      // No answer of ours: a page to sign in, or one that says that something broke.
      stuck = true;
      return tell("refused");
    }
    stuck = false;
    before = sent;
    heard(answer.status, told);
  }

  function heard(status, told) {
    if (status === 409) {
      collided = true;
      both.hidden = false;
      tell("changed");
    } else if (status === 422) {
      const [[label, message]] = Object.entries(told.fields);
      tell("kept", { what: `${label}. ${message}` });
    } else {
      const time = new Date().toLocaleTimeString(document.documentElement.lang, {
        hour: "2-digit",
        minute: "2-digit",
      });
      if (told.seen) form.elements.seen.value = told.seen;
      tell(told.kept ? "held" : "saved", { time });
      form.dispatchEvent(new CustomEvent("autosaved", { detail: told }));
      alike(form);
    }
  }

  function later() {
    clearTimeout(timer);
    if (collided) return;
    if (!dirty()) return says.textContent === says.dataset.waiting ? tell("") : undefined;
    if (!stuck) tell("waiting");
    timer = setTimeout(save, WAIT);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) save();
  });
  window.addEventListener("online", save);
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", () => (leaving = false));
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && stuck && dirty()) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (leaving || !busy) {
      leaving = true;
      return;
    }
    // What is on its way arrives first; it brings the new `seen` along.
    event.preventDefault();
    leaving = true;
    busy.then(() => form.requestSubmit(event.submitter));
  });
}

// Somebody of that name, number or place may be listed already.
async function alike(form) {
  const box = form.querySelector("[data-alike]");
  if (!box) return;
  try {
    const answer = await fetch(box.dataset.alike, { headers: { "HX-Request": "true" } });
    const html = answer.status === 200 && !answer.redirected ? await answer.text() : "";
    if (box.dataset.shown !== html) box.innerHTML = html;
    box.dataset.shown = html;
  } catch {
    // It was an offer; without it nothing is missing.
  }
}

function count(hint) {
  const box = document.getElementById(hint.dataset.left);
  const most = Number(box.dataset.most);
  let timer;
  function show() {
    const left = most - box.value.length;
    hint.classList.toggle("over", left < 0);
    hint.textContent =
      left < 0
        ? hint.dataset.over.replace("{over}", -left)
        : hint.dataset.words.replace("{left}", left);
    // Read aloud only when it matters.
    if (left < FEW_LEFT) hint.setAttribute("aria-live", "polite");
    else hint.removeAttribute("aria-live");
  }
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 400);
  });
  show();
}

document.addEventListener("click", (event) => {
  const same = event.target.closest("[data-same-as-above]");
  if (!same) return;
  const boxes = [...same.form.querySelectorAll(".day input")];
  const at = boxes.findIndex((box) => box.id === same.dataset.sameAsAbove);
  boxes[at].value = boxes[at - 1].value;
  boxes[at].dispatchEvent(new Event("input", { bubbles: true }));
});
