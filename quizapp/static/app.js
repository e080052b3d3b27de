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
    const seen = Array.from(document.querySelectorAll(parts)).filter((part) => part.closest("main"));
    const open = (part) => part.getClientRects().length && !part.closest("details:not([open])");
    read(seen.filter((part) => open(part) && !part.querySelector(parts)));
  });
  function offer() {
    voice = speech.getVoices().find((candidate) => candidate.localService && candidate.lang.split(/[-_]/)[0] === language) || null;
    if (voice && !button.isConnected) { show(); slot.append(button); }
  }
  offer();
  if (speech.addEventListener) speech.addEventListener("voiceschanged", offer);
  window.addEventListener("pagehide", stop);
})();

// Restored from the back/forward cache: ask the server what may still be shown.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// Shared tablets: after some minutes without a touch, ask, and then forget the patient. Time is read from the clock:
// timers stop while a tablet sleeps. The server has a deadline too, so it hears of touches, at most every 30 seconds.
(() => {
  const dialog = document.getElementById("still-there");
  if (!dialog) return;
  const idle = Number(dialog.dataset.minutes) * 60000;
  const grace = Number(dialog.dataset.seconds) * 1000;
  const betweenPings = 30000;
  let touched = Date.now();
  let pinged = touched;
  let asking = false;
  let forgotten = false;
  function forget() {
    forgotten = true;
    document.body.hidden = true;
    location.replace(dialog.dataset.forget);
  }
  function ask() {
    asking = true;
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute("open", "");
  }
  function stay() {
    if (asking && dialog.close && dialog.open) dialog.close();
    dialog.removeAttribute("open");
    asking = false;
    touched = Date.now();
    if (touched - pinged < betweenPings) return;
    pinged = touched;
    if (window.fetch) fetch(dialog.dataset.touch).catch(() => {});
  }
  function look() {
    const still = Date.now() - touched;
    if (forgotten) return;
    if (still >= idle + grace) forget();
    else if (still >= idle && !asking) ask();
  }
  dialog.querySelector("button").addEventListener("click", stay);
  dialog.addEventListener("close", () => { if (asking && !dialog.open) stay(); }); // Escape
  for (const kind of ["pointerdown", "touchstart", "keydown", "scroll", "input"]) {
    addEventListener(kind, () => { look(); if (!asking && !forgotten) stay(); }, { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", look);
  setInterval(look, 1000);
})();
