// On account pages: a password can be looked at.
for (const button of document.querySelectorAll("[data-shows]")) {
  const box = document.getElementById(button.dataset.shows);
  button.hidden = false;
  const show = (shown) => {
    button.setAttribute("aria-pressed", shown);
    box.type = shown ? "text" : "password";
  };
  button.addEventListener("click", () => {
    show(box.type === "password");
    box.focus();
  });
  // What browsers remember is passwords, not texts.
  box.form.addEventListener("submit", () => show(false));
}
