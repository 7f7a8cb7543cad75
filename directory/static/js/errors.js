// An error summary is read first, and its links lead into the fields themselves.

const CONTROLS = "input:not([type=hidden]), select, textarea";

document.querySelector("[data-focus]")?.focus();

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-focus] a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  const inside = [...target.querySelectorAll(CONTROLS)].find((one) => one.offsetParent !== null);
  const field = target.matches(CONTROLS) ? target : (inside ?? target);
  target.scrollIntoView({ block: "start" });
  field.focus({ preventScroll: target !== field });
});
