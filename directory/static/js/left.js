// Signed out: this browser leads from public pages to the desk no more.
try {
  localStorage.removeItem("desk");
} catch {
  // It kept nothing.
}
