// Suggestions as you type: the ARIA combobox pattern (listbox popup, manual selection).

const WAIT = 120;

for (const input of document.querySelectorAll("[data-suggest]")) attach(input);

function attach(input) {
  const list = document.createElement("div");
  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.listbox);
  const says = document.createElement("p");
  says.className = "sr-only";
  says.setAttribute("role", "status");
  input.after(list, says);
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox" };
  for (const [name, value] of Object.entries({ ...attributes, "aria-controls": list.id })) {
    input.setAttribute(name, value);
  }
  input.setAttribute("aria-expanded", "false");

  let timer, asked, active = -1;
  const options = () => [...list.querySelectorAll("[role=option]")];

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
    const { fill, kind, href } = option.dataset;
    close();
    says.textContent = "";
    if (href) {
      location.assign(href);
      return;
    }
    // A place chosen in the first box belongs into the second, when there is one.
    const near = input.form.elements.near;
    const target = kind === "place" && near && near !== input && !near.value ? near : input;
    if (target !== input) input.value = "";
    target.value = fill;
    target.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    target.focus();
  }

  async function ask() {
    const text = input.value.trim();
    if (text.length < 2) return close();
    asked?.abort();
    asked = new AbortController();
    const url = new URL(input.dataset.suggest, location.href);
    url.searchParams.set("q", text);
    url.searchParams.set("box", input.id);
    try {
      const answer = await fetch(url, { signal: asked.signal });
      if (!answer.ok) return close();
      list.innerHTML = await answer.text();
    } catch {
      return;
    }
    if (document.activeElement !== input) return close();
    active = -1;
    input.removeAttribute("aria-activedescendant");
    says.textContent = list.querySelector("[data-says]")?.dataset.says ?? "";
    const any = options().length > 0;
    list.hidden = !any;
    input.setAttribute("aria-expanded", String(any));
  }

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (event.isTrusted) timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const down = event.key === "ArrowDown";
      if (!open) ask();
      else mark(down ? active + 1 : active < 0 ? -1 : active - 1);
    } else if (event.key === "Enter" && open && active >= 0) {
      event.preventDefault();
      choose(options()[active]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    } else if ((event.key === "Home" || event.key === "End") && open && active >= 0) {
      event.preventDefault();
      mark(event.key === "Home" ? 0 : options().length - 1);
    }
  });
}

// Boxes left empty ask for nothing, so they need no place in the address.
for (const form of document.querySelectorAll("form[role=search]")) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });
}
