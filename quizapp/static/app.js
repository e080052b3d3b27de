"use strict";
// Extras for patients. Every page works without them.

// Read the page aloud with one of the device's own voices, in the page's language; no button if it has none.
(() => {
  const slot = document.getElementById("read-aloud");
  const speech = window.speechSynthesis;
  if (!slot || !speech) return;
  const language = document.documentElement.lang;
  const parts = "h1, h2, h3, p, li, dt, dd, img[alt], .option label, .certainty button";
  let voice = null;
  let reading = false;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "secondary read-aloud";

  function show() {
    button.textContent = reading ? slot.dataset.stop : slot.dataset.start;
    button.setAttribute("aria-pressed", String(reading));
  }
  function stop() {
    reading = false;
    speech.cancel();
    document.querySelectorAll(".reading").forEach((part) => part.classList.remove("reading"));
    show();
  }
  function read(queue) {
    document.querySelectorAll(".reading").forEach((part) => part.classList.remove("reading"));
    const part = queue.shift();
    if (!reading || !part) return stop();
    const words = new SpeechSynthesisUtterance(part.alt || part.innerText);
    words.lang = language;
    words.voice = voice;
    words.rate = 0.9;
    words.onend = () => read(queue);
    words.onerror = stop;
    part.classList.add("reading");
    part.scrollIntoView({ block: "nearest" });
    speech.speak(words);
  }
  button.addEventListener("click", () => {
    if (reading) return stop();
    reading = true;
    show();
    const seen = [...document.querySelectorAll("main")].flatMap((main) => [...main.querySelectorAll(parts)]);
    const open = (part) => part.getClientRects().length && !part.closest("details:not([open])");
    read(seen.filter((part) => open(part) && !part.querySelector(parts)));
  });
  function offer() {
    voice = speech.getVoices().find((candidate) => candidate.localService && candidate.lang.split(/[-_]/)[0] === language) || null;
    if (voice && !button.isConnected) { show(); slot.append(button); }
  }
  offer();
  speech.addEventListener?.("voiceschanged", offer);
  window.addEventListener("pagehide", stop);
})();

// Shared tablets: after some minutes without a touch, ask, and then forget the patient.
(() => {
  const dialog = document.getElementById("still-there");
  if (!dialog) return;
  const idle = Number(dialog.dataset.minutes) * 60000;
  const grace = Number(dialog.dataset.seconds) * 1000;
  let timer;
  function forget() { location.replace(dialog.dataset.forget); }
  function ask() { dialog.showModal(); timer = setTimeout(forget, grace); }
  function touched() {
    clearTimeout(timer);
    if (dialog.open) dialog.close();
    timer = setTimeout(ask, idle);
  }
  dialog.querySelector("button").addEventListener("click", touched);
  // Escape closes it too. The event fires after the closing, and by then the dialog may be open again.
  dialog.addEventListener("close", () => { if (!dialog.open) touched(); });
  for (const kind of ["pointerdown", "keydown", "scroll", "input"]) {
    addEventListener(kind, () => { if (!dialog.open) touched(); }, { passive: true });
  }
  // Restored from the back/forward cache: ask the server whether the patient is still here.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  touched();
})();
