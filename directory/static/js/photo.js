// The photo page: shows what was chosen and lets a square frame be moved and sized over it,
// by pointer, by keys and by buttons. Sends the frame as shares of the picture (see Crop).
// What is larger than needed is made smaller first: phones take 48 million pixels and more.

const form = document.querySelector("[data-photo-form]");
const part = (name) => form.querySelector(`[data-${name}]`);
const [input, drop, says, cuts] = [form.elements.photo, part("drop"), part("says"), part("cuts")];
const [cropper, whole, frame, result] = ["cropper", "whole", "frame", "result"].map(part);
const told = part("place-says");
const fields = ["x", "y", "size"].map((name) => form.elements[name]);

const STEP = 0.02;
const LEAST = 160; // pixels of the photo: the smallest square that is kept
const WIDEST = 900; // pixels of the copy that is shown
const LONGEST = 2400; // pixels of what is sent, on its longer side
const within = (value, low, high) => Math.min(Math.max(value, low), high);
const percent = (share) => Math.round(share * 100);

let picture = null; // width and height as it is sent
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

// A canvas with the picture, upright, at most so long on its longer side.
function copied(bitmap, longest, canvas) {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

// The same photo as a smaller JPEG; the file itself where that cannot be made.
async function shrunk(file, bitmap) {
  if (Math.max(bitmap.width, bitmap.height) <= LONGEST) return file;
  try {
    const canvas = copied(bitmap, LONGEST, document.createElement("canvas"));
    const context = canvas.getContext("2d");
    context.globalCompositeOperation = "destination-over"; // white behind what is transparent
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    const blob = await new Promise((made) => canvas.toBlob(made, "image/jpeg", 0.9));
    return blob ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}

// The file that is sent from now on; an old browser keeps the one that was chosen.
function take(file) {
  try {
    const held = new DataTransfer();
    held.items.add(file);
    input.files = held.files;
  } catch {
    // It has no such way to put a file there: the server says what is too large.
  }
}

// What is known of the chosen file stands on the page; true when it may be sent.
function judge(file) {
  const tooLarge = file && file.size > Number(form.dataset.mostBytes);
  input.setCustomValidity(tooLarge ? form.dataset.tooLarge : "");
  says.textContent = tooLarge ? form.dataset.tooLarge : "";
  return file && !tooLarge;
}

async function choose() {
  const [file] = input.files;
  judge(null);
  open(false);
  if (!file) return;
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    if (file === input.files[0] && judge(file)) says.textContent = form.dataset.unreadable;
    return;
  }
  const smaller = await shrunk(file, bitmap);
  if (file !== input.files[0]) return bitmap.close(); // another one was chosen meanwhile
  if (smaller !== file) take(smaller);
  if (!judge(input.files[0])) return bitmap.close();
  const scale = file === input.files[0] ? 1 : LONGEST / Math.max(bitmap.width, bitmap.height);
  picture = { width: bitmap.width * scale, height: bitmap.height * scale };
  copied(bitmap, WIDEST, whole);
  bitmap.close();
  const side = Math.min(picture.width, picture.height);
  square = { side, left: (picture.width - side) / 2, top: (picture.height - side) / 4 };
  open(true);
  show();
  tell();
  says.textContent = form.dataset.ready;
}

let working = null; // a photo that is still being made smaller
function begin() {
  const now = choose().finally(() => {
    if (working === now) working = null;
  });
  working = now;
}

input.addEventListener("change", begin);
if (input.files.length) begin(); // the browser kept it over a step back

form.addEventListener("submit", async (event) => {
  if (!working) return;
  event.preventDefault();
  while (working) await working;
  form.requestSubmit();
});

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
  begin();
});
