"use strict";
// Two extras for patients. Every page works without them.

// Reads the page aloud with a voice of the device itself, in the page's language; absent where there is none.
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
    voice = speech.getVoices().find((one) => one.localService && one.lang.split(/[-_]/)[0] === language) || null;
    if (voice && !button.isConnected) { show(); slot.append(button); }
  }
  offer();
  speech.addEventListener?.("voiceschanged", offer);
  window.addEventListener("pagehide", stop);
})();

// A shared tablet: after some minutes without a touch it asks, and then forgets the patient.
(() => {
  const asking = document.getElementById("still-there");
  if (!asking) return;
  const idle = Number(asking.dataset.minutes) * 60000;
  const grace = Number(asking.dataset.seconds) * 1000;
  let timer;
  function forget() { location.replace(asking.dataset.forget); }
  function ask() { asking.showModal(); timer = setTimeout(forget, grace); }
  function touched() {
    clearTimeout(timer);
    if (asking.open) asking.close();
    timer = setTimeout(ask, idle);
  }
  asking.querySelector("button").addEventListener("click", touched);
  // Escape closes it as well. The event comes later than the closing: by then the question may have been asked anew.
  asking.addEventListener("close", () => { if (!asking.open) touched(); });
  for (const kind of ["pointerdown", "keydown", "scroll", "input"]) {
    addEventListener(kind, () => { if (!asking.open) touched(); }, { passive: true });
  }
  // Come back from the browser's own memory: ask the server whether the patient is still here.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  touched();
})();
