// The filters: a sheet on a narrow screen, and a live answer that keeps focus and place.

const sheet = document.getElementById("filters");
const opener = document.getElementById("open-filters");
const narrow = window.matchMedia("(max-width: 61.99rem)");
const around = () =>
  document.querySelectorAll("body > :not(main), main > :not(.found), .found > :not(#filters)");

function setOpen(open) {
  sheet.classList.toggle("open", open);
  document.documentElement.classList.toggle("sheet-open", open);
  for (const element of around()) element.inert = open;
  if (open) {
    sheet.setAttribute("role", "dialog");
    sheet.setAttribute("aria-modal", "true");
    sheet.focus();
  } else {
    sheet.removeAttribute("role");
    sheet.removeAttribute("aria-modal");
  }
}

function close() {
  if (!sheet.classList.contains("open")) return;
  setOpen(false);
  opener.focus();
}

opener.addEventListener("click", (event) => {
  event.preventDefault();
  setOpen(true);
});
sheet.addEventListener("click", (event) => {
  if (event.target.closest(".filters-close")) {
    event.preventDefault();
    close();
  }
  // The results are already there: on the sheet, "Show results" only has to step aside.
  if (event.target.closest("#apply") && sheet.classList.contains("open")) {
    event.preventDefault();
    close();
    document.getElementById("found-heading").scrollIntoView();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});
narrow.addEventListener("change", close);

// htmx replaces the values of each filter: focus stays put. Of a button that showed the rest of
// them nothing is left: then the first that it showed has the focus.
let kept = { focus: "", shown: 0 };
const filter = () => kept.focus.startsWith("more-") && document.getElementById(kept.focus.replace("more-", "facet-"));
document.addEventListener("htmx:beforeSwap", () => {
  kept = { focus: document.activeElement?.id ?? "", shown: 0 };
  if (filter()) kept.shown = filter().querySelectorAll(".check").length;
});
document.addEventListener("htmx:afterSwap", () => {
  const before =
    kept.focus &&
    (document.getElementById(kept.focus) ?? (filter() && filter().querySelectorAll(".check input")[kept.shown]));
  if (before && document.activeElement !== before) before.focus({ preventScroll: true });
});

// A search by POST has no address that tells of its filters: after Back the browser ticks them as
// they were beside the results as they came first, and these have to follow.
function differs(control) {
  if (control.options) return [...control.options].some((one) => one.selected !== one.defaultSelected);
  return control.checked !== control.defaultChecked;
}
window.addEventListener("pageshow", (event) => {
  const [arrived] = performance.getEntriesByType("navigation");
  if (event.persisted || arrived?.type !== "back_forward" || !sheet.hasAttribute("hx-post")) return;
  if ([...sheet.querySelectorAll("input, select")].some(differs)) {
    sheet.dispatchEvent(new Event("change"));
  }
});

// htmx notes each search in the storage of the tab; nothing needs it, and a browser may keep it.
function forget() {
  try {
    sessionStorage.removeItem("htmx-current-path-for-history");
  } catch {
    // No storage, nothing to forget.
  }
}
document.addEventListener("htmx:pushedIntoHistory", forget);
forget();
