// What promises too much, and how the text reads, follow the text while somebody writes.

for (const form of document.querySelectorAll("form[data-autosave]")) {
  form.addEventListener("autosaved", ({ detail }) => {
    for (const [name, html] of Object.entries(detail.parts ?? {})) {
      const box = form.querySelector(`[data-promises="${name}"]`);
      if (box.dataset.shown === html || box.contains(document.activeElement)) continue;
      const open = box.querySelector(".reads")?.open;
      box.innerHTML = html;
      box.dataset.shown = html;
      if (open && box.querySelector(".reads")) box.querySelector(".reads").open = true;
    }
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[name=accept]");
    if (button && rewrite(form, button)) event.preventDefault();
  });
}

// Where the words still stand as they were found they are replaced here and can be polished at
// once; anywhere else the server does it.
function rewrite(form, button) {
  const [name, start, end] = button.value.split(":");
  const box = form.elements[name];
  const { words, rewrite } = button.dataset;
  if (box.value.slice(Number(start), Number(end)) !== words) return false;
  const capital = words[0] !== words[0].toLowerCase();
  const said = capital ? rewrite[0].toUpperCase() + rewrite.slice(1) : rewrite;
  box.focus();
  box.setRangeText(said, Number(start), Number(end), "select");
  button.closest("li").remove();
  for (const other of form.querySelectorAll(`[name=accept][value^="${name}:"]`)) {
    const [, from, to] = other.value.split(":").map(Number);
    const moved = from > Number(start) ? said.length - words.length : 0;
    other.value = `${name}:${from + moved}:${to + moved}`;
  }
  box.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}
