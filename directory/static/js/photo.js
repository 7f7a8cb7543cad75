// The photo page: shows what was chosen and lets a square frame be moved and sized over it,
// by pointer, by keys and by buttons. Sends the frame as shares of the picture (see Crop).

const form = document.querySelector("[data-photo-form]");
const part = (name) => form.querySelector(`[data-${name}]`);
const [input, drop, says, cuts] = [form.elements.photo, part("drop"), part("says"), part("cuts")];
const [cropper, whole, frame, result] = ["cropper", "whole", "frame", "result"].map(part);
const told = part("place-says");
const fields = ["x", "y", "size"].map((name) => form.elements[name]);

const STEP = 0.02;
const LEAST = 160; // pixels of the photo: the smallest square that is kept
const WIDEST = 900; // pixels of the copy that is shown
const within = (value, low, high) => Math.min(Math.max(value, low), high);
const percent = (share) => Math.round(share * 100);

let picture = null; // width and height as it was sent
let square = null; // left, top, side, in pixels of the picture

function keepInside() {
  const shorter = Math.min(picture.width, picture.height);
  square.side = within(square.side, Math.min(LEAST, shorter), shorter);
  square.left = within(square.left, 0, picture.width - square.side);
  square.top = within(square.top, 0, picture.height - square.side);
}

function share(offset, room) {
  return room > 0 ? within(offset / room, 0, 1) : 0.5;
}

function show() {
  keepInside();
  const { left, top, side } = square;
  const { width, height } = picture;
  frame.style.left = `${(100 * left) / width}%`;
  frame.style.top = `${(100 * top) / height}%`;
  frame.style.width = `${(100 * side) / width}%`;
  frame.style.height = `${(100 * side) / height}%`;
  const scale = whole.width / width;
  const context = result.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, result.width, result.height);
  const from = [left, top, side, side].map((length) => length * scale);
  context.drawImage(whole, ...from, 0, 0, result.width, result.height);
  const shares = [
    share(left, width - side),
    share(top, height - side),
    within(side / Math.min(width, height), 0, 1),
  ];
  fields.forEach((field, i) => {
    field.value = shares[i].toFixed(5);
  });
}

function tell() {
  told.textContent = form.dataset.place
    .replace("{size}", percent(square.side / Math.min(picture.width, picture.height)))
    .replace("{x}", percent(square.left / picture.width))
    .replace("{y}", percent(square.top / picture.height));
}

function grow(by) {
  const before = square.side;
  square.side += by;
  keepInside();
  square.left += (before - square.side) / 2;
  square.top += (before - square.side) / 2;
}

// Returns whether the key means something here.
function press(key) {
  const step = STEP * Math.max(picture.width, picture.height);
  const does = {
    ArrowLeft: () => (square.left -= step),
    ArrowRight: () => (square.left += step),
    ArrowUp: () => (square.top -= step),
    ArrowDown: () => (square.top += step),
    "+": () => grow(2 * step),
    "=": () => grow(2 * step),
    "-": () => grow(-2 * step),
  }[key];
  if (!does) return false;
  does();
  show();
  tell();
  return true;
}

function open(on) {
  cropper.hidden = !on;
  cuts.hidden = on;
  cuts.disabled = on;
  for (const field of fields) field.disabled = !on;
}

async function choose() {
  const [file] = input.files;
  const tooLarge = file && file.size > Number(form.dataset.mostBytes);
  input.setCustomValidity(tooLarge ? form.dataset.tooLarge : "");
  says.textContent = tooLarge ? form.dataset.tooLarge : "";
  open(false);
  if (!file || tooLarge) return;
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    says.textContent = form.dataset.unreadable;
    return;
  }
  if (file !== input.files[0]) return; // another one was chosen meanwhile
  picture = { width: bitmap.width, height: bitmap.height };
  const scale = Math.min(1, WIDEST / Math.max(bitmap.width, bitmap.height));
  whole.width = Math.max(1, Math.round(bitmap.width * scale));
  whole.height = Math.max(1, Math.round(bitmap.height * scale));
  whole.getContext("2d").drawImage(bitmap, 0, 0, whole.width, whole.height);
  bitmap.close();
  const side = Math.min(picture.width, picture.height);
  square = { side, left: (picture.width - side) / 2, top: (picture.height - side) / 4 };
  open(true);
  show();
  tell();
  says.textContent = form.dataset.ready;
}

input.addEventListener("change", choose);
if (input.files.length) choose(); // the browser kept it over a step back

frame.addEventListener("keydown", (event) => {
  const ours = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (ours && press(event.key)) event.preventDefault();
});

for (const button of cropper.querySelectorAll("[data-key]")) {
  button.addEventListener("click", () => press(button.dataset.key));
}

let held = null; // where the frame was taken
frame.addEventListener("pointerdown", (event) => {
  frame.setPointerCapture(event.pointerId);
  held = { x: event.clientX, y: event.clientY, ...square };
});
frame.addEventListener("pointermove", (event) => {
  if (!held) return;
  const scale = picture.width / whole.clientWidth;
  square.left = held.left + (event.clientX - held.x) * scale;
  square.top = held.top + (event.clientY - held.y) * scale;
  show();
});
for (const end of ["pointerup", "pointercancel"]) {
  frame.addEventListener(end, () => {
    if (held) tell();
    held = null;
  });
}

for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", name === "dragenter" || name === "dragover");
  });
}
drop.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  choose();
});
