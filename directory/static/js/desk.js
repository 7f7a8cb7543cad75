// On every page of the staff: keys that lead to the box, and a sign for our public pages.

const box = document.querySelector("[data-find]");

// Whoever switched the single keys of the queue off, wants none here either.
function singleKeys() {
  try {
    return localStorage.getItem("admin-keys") !== "off";
  } catch {
    return true;
  }
}

const writing = (target) =>
  target.closest("select, textarea, input:not([type=checkbox], [type=radio]), [contenteditable], dialog[open]");

document.addEventListener("keydown", (event) => {
  const { key, target, repeat, ctrlKey, metaKey, altKey, shiftKey } = event;
  const together = (ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === "k";
  // On some keyboards "/" needs Shift.
  const alone = key === "/" && !ctrlKey && !metaKey && !altKey && singleKeys() && !writing(target);
  if (!box || repeat || (!together && !alone)) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// This browser's own note for our public pages, which lead back here by it. No cookie: so no page
// that is kept for everybody differs. Signing out removes it.
try {
  localStorage.setItem("desk", box.dataset.find);
} catch {
  // The public pages then show no way here.
}
