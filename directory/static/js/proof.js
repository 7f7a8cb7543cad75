// Proof of work: finds the number that altcha's challenge asks for (altcha.org), in a worker,
// while somebody fills in the form; the form is sent once it is found. The same file is the
// worker.
const inWorker = typeof WorkerGlobalScope !== "undefined";

async function solve({ challenge, salt, maxnumber, maxNumber }) {
  const encoder = new TextEncoder();
  for (let number = 0; number <= (maxnumber ?? maxNumber); number += 1) {
    const hash = await crypto.subtle.digest("SHA-256", encoder.encode(salt + number));
    const hex = Array.from(new Uint8Array(hash), (one) => one.toString(16).padStart(2, "0")).join("");
    if (hex === challenge) return number;
  }
  return null;
}

async function solved(url) {
  const { algorithm, challenge, salt, signature, ...rest } = await (await fetch(url)).json();
  const worker = new Worker(import.meta.url, { type: "module" });
  const number = await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = reject;
    worker.postMessage({ challenge, salt, ...rest });
  });
  worker.terminate();
  return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
}

function prove(box) {
  const { form } = box;
  const says = form.querySelector("[data-proof-says]");
  // A challenge holds for ten minutes: an older solution is found anew.
  const holds = 8 * 60 * 1000;
  let work = null;
  let since = 0;
  const begin = () => {
    if (work && Date.now() - since < holds) return;
    since = Date.now();
    work = solved(box.dataset.proof).catch(() => "");
  };
  form.addEventListener("focusin", begin);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const timer = setTimeout(() => {
      says.textContent = says.dataset.busy;
    }, 300);
    begin();
    box.value = await work;
    work = null;
    clearTimeout(timer);
    form.submit();
  });
}

if (inWorker) {
  onmessage = async ({ data }) => postMessage(await solve(data));
} else {
  for (const box of document.querySelectorAll("[data-proof]")) prove(box);
}
