// "Near me": asks on click, rounds to about a kilometre here, sends only that.

const round = (degrees) => (Math.round(degrees * 100) / 100).toFixed(2);

for (const button of document.querySelectorAll("[data-near-me]")) {
  const form = button.form;
  const says = form.querySelector("[data-near-me-says]");
  const near = form.elements.near;
  const position = [form.elements.lat, form.elements.lon];

  const place = (values) => {
    position.forEach((field, i) => {
      field.disabled = !values;
      field.value = values ? values[i] : "";
    });
  };

  // Words for a place and a position would contradict each other: the newest wins.
  near.addEventListener("input", () => place(null));

  button.addEventListener("click", () => {
    if (!navigator.geolocation) {
      says.textContent = button.dataset.refused;
      near.focus();
      return;
    }
    says.textContent = button.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        near.value = "";
        place([round(coords.latitude), round(coords.longitude)]);
        form.requestSubmit();
      },
      () => {
        says.textContent = button.dataset.refused;
        near.focus();
      },
      { maximumAge: 600000, timeout: 15000 },
    );
  });
}
