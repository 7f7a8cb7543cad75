// Passkeys: adding one, and signing in with one. The server speaks JSON (WebAuthn level 3).
const { PublicKeyCredential: Known } = window;

async function ask(url, body, token) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
  });
  const { response } = await answer.json();
  if (!answer.ok) throw new Error(response?.errors?.[0] ?? "");
  return response;
}

// Runs `work` and says below the button what went wrong, in the server's words or in ours.
async function attempt(place, work) {
  const says = place.querySelector("[data-says]");
  const button = place.querySelector("button:not([data-shows])");
  says.textContent = "";
  button.disabled = true;
  try {
    await work();
  } catch (error) {
    says.textContent = error instanceof DOMException || !error.message ? says.dataset.failed : error.message;
  } finally {
    button.disabled = false;
  }
}

function tokenOf(place) {
  return (place.querySelector("[name=csrf_token]") ?? document.querySelector("[name=csrf_token]")).value;
}

async function signIn(place) {
  const url = place.dataset.passkeySignIn;
  const { credential_options: options, wan_state: state } = await ask(url, {}, tokenOf(place));
  const publicKey = Known.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials.get({ publicKey });
  const next = place.dataset.next;
  const body = { credential: JSON.stringify(credential.toJSON()), ...(next && { next }) };
  const query = next ? `?next=${encodeURIComponent(next)}` : "";
  const answer = await ask(`${url}/${state}${query}`, body, tokenOf(place));
  const there = new URL(answer.post_login_url ?? next, location.origin);
  // Never to another site, whatever the address of this page says.
  location.assign(there.origin === location.origin ? there : "/");
}

async function add(form) {
  const url = form.dataset.passkeyAdd;
  const name = form.elements.name.value;
  const { credential_options: options, wan_state: state } = await ask(url, { name, usage: "first" }, tokenOf(form));
  const publicKey = Known.parseCreationOptionsFromJSON(options);
  const credential = await navigator.credentials.create({ publicKey });
  await ask(`${url}/${state}`, { credential: JSON.stringify(credential.toJSON()) }, tokenOf(form));
  location.assign(form.dataset.then);
}

if (Known?.parseRequestOptionsFromJSON) {
  for (const place of document.querySelectorAll("[data-passkey-sign-in]")) {
    place.hidden = false;
    place.querySelector("button").addEventListener("click", () => attempt(place, () => signIn(place)));
  }
  for (const form of document.querySelectorAll("[data-passkey-add]")) {
    form.hidden = false;
    document.querySelector("[data-no-passkeys]").hidden = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      attempt(form, () => add(form));
    });
  }
}
