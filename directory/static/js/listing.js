// A listing's page: today's hours, the way by the phone's own maps, the way back, all of it on paper.

const now = new Date();
sayToday((now.getDay() + 6) % 7, day(now));
for (const link of document.querySelectorAll("[data-way]")) link.href = byOwnMaps(link.dataset.way) ?? link.href;
leadBack();
leadToDesk();
addEventListener("beforeprint", unfold);

function day(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

// Only what the hours of a weekday tell: whether they are over by now depends on where the visitor is.
function sayToday(weekday, today) {
  const line = document.querySelector("[data-today]");
  if (!line) return;
  const away = [...document.querySelectorAll("[data-from]")].some(
    (one) => one.dataset.from <= today && today <= one.dataset.to,
  );
  const row = [...document.querySelectorAll("[data-days]")].find((one) =>
    one.dataset.days.split(" ").includes(String(weekday)),
  );
  const hours = row && `${line.dataset.today} ${row.lastElementChild.textContent}`;
  line.querySelector("a").textContent = away ? line.dataset.away : (hours ?? line.dataset.closed);
  if (!away) row?.setAttribute("aria-current", "date");
  line.hidden = false;
}

function byOwnMaps(destination) {
  const to = encodeURIComponent(destination);
  if (/Android/.test(navigator.userAgent)) return `geo:0,0?q=${to}`;
  if (/iPhone|iPad|Macintosh/.test(navigator.userAgent)) return `https://maps.apple.com/?daddr=${to}`;
}

// What this page was opened from lies one step back, with the place in it: as a rule the results. The
// browser knows that it is a page of ours, and nobody else does; nothing is kept.
function leadBack() {
  const link = document.querySelector("[data-back]");
  if (!link || !(window.navigation?.currentEntry?.index > 0)) return;
  link.textContent = link.dataset.back;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    history.back();
  });
}

// Whoever worked at the desk in this browser: it says so to this script alone.
function leadToDesk() {
  let words = null;
  try {
    words = localStorage.getItem("desk");
  } catch {
    // Nobody's browser, then.
  }
  if (!words) return;
  const link = document.createElement("a");
  link.href = `/admin/find?q=${encodeURIComponent(location.pathname)}`;
  link.textContent = words;
  link.className = "to-desk";
  document.querySelector(".back")?.append(" ", link);
}

function unfold() {
  for (const one of document.querySelectorAll("details")) {
    one.removeAttribute("name");
    one.open = true;
  }
}
