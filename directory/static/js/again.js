// While something is at work, its part of the page is asked for again until it is done.

const EVERY = 2000;

async function again() {
  const part = document.querySelector("[data-again]");
  if (!part) return;
  try {
    const answer = await fetch(part.dataset.again, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const fresh = document.createElement("template");
    fresh.innerHTML = await answer.text();
    part.replaceWith(fresh.content);
  } catch {
    // No connection for a moment: the next try may have one.
  }
  setTimeout(again, EVERY);
}

setTimeout(again, EVERY);
