// Many terms chosen by typing: the checkboxes are the truth, chips show which are ticked.

const WAIT = 120;

for (const fieldset of document.querySelectorAll("[data-picker]")) start(fieldset);

function start(fieldset) {
  const input = fieldset.querySelector("[data-typing] input");
  const words = fieldset.dataset;
  const boxes = () => [...fieldset.querySelectorAll("input[type=checkbox]")];
  const labelOf = (box) => box.labels[0].querySelector("span").firstChild.textContent.trim();

  const list = document.createElement("div");
  list.id = `${input.id}-list`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.list);
  const says = document.createElement("p");
  says.className = "sr-only";
  says.setAttribute("role", "status");
  const chips = document.createElement("ul");
  chips.className = "chips";
  chips.setAttribute("aria-label", words.chosen);
  input.after(list, says);
  input.closest("[data-typing]").append(chips);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-haspopup": "listbox",
    "aria-controls": list.id,
    "aria-expanded": "false",
  })) {
    input.setAttribute(name, value);
  }
  fieldset.querySelector(".whole-list").open = false;

  let timer, asked, active = -1;
  const options = () => [...list.querySelectorAll("[role=option]")];

  function show() {
    chips.replaceChildren(
      ...boxes()
        .filter((box) => box.checked)
        .map((box) => chip(box)),
    );
    chips.hidden = !chips.children.length;
  }

  function chip(box) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip";
    button.value = box.value;
    button.setAttribute("aria-label", words.remove.replace("{what}", labelOf(box)));
    const cross = document.createElement("span");
    cross.className = "x";
    cross.setAttribute("aria-hidden", "true");
    cross.textContent = "×";
    button.append(labelOf(box), cross);
    item.append(button);
    return item;
  }

  function tick(box, on) {
    box.checked = on;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    says.textContent = (on ? words.added : words.removed).replace("{what}", labelOf(box));
  }

  function close() {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    const all = options();
    if (!all.length) return;
    active = (index + all.length) % all.length;
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
    input.setAttribute("aria-activedescendant", all[active].id);
    all[active].scrollIntoView({ block: "nearest" });
  }

  function choose(option) {
    const box = boxes().find((one) => one.value === option.dataset.slug);
    close();
    input.value = "";
    if (box) tick(box, true);
    input.focus();
  }

  async function ask() {
    const text = input.value.trim();
    asked?.abort();
    if (!text) return close();
    asked = new AbortController();
    const url = new URL(words.picker, location.href);
    url.searchParams.set("q", text);
    url.searchParams.set("box", fieldset.id);
    try {
      const answer = await fetch(url, { signal: asked.signal });
      if (!answer.ok || answer.redirected) return close();
      list.innerHTML = await answer.text();
    } catch {
      return;
    }
    if (document.activeElement !== input) return close();
    active = -1;
    input.removeAttribute("aria-activedescendant");
    says.textContent = list.querySelector("[data-says]")?.dataset.says ?? "";
    list.hidden = !options().length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  chips.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const at = [...chips.querySelectorAll("button")].indexOf(button);
    tick(boxes().find((box) => box.value === button.value), false);
    (chips.querySelectorAll("button")[at] ?? input).focus();
  });
  fieldset.addEventListener("change", show);

  const keys = {
    ArrowDown: (open) => (open ? mark(active + 1) : ask()),
    ArrowUp: (open) => (open ? mark(active < 0 ? -1 : active - 1) : ask()),
    // The likeliest stands first; a box for words never sends the whole form.
    Enter: (open) => (open ? choose(options()[Math.max(active, 0)]) : ask()),
    Escape: () => close(),
  };
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !list.hidden;
    if (event.key === "Backspace" && !input.value) {
      const ticked = boxes().filter((box) => box.checked);
      if (ticked.length) tick(ticked.at(-1), false);
    } else if (keys[event.key] && (event.key !== "Escape" || open)) {
      event.preventDefault();
      keys[event.key](open);
    }
  });
  show();
}
