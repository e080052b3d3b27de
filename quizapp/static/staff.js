"use strict";
// What the keyboard adds for staff. Every page works without it.

// Completes the words of a visit code from the fixed word list, which says nothing about codes in use.
for (const input of document.querySelectorAll("input[data-words]")) {
  const words = input.dataset.words.split(" ");
  input.addEventListener("input", (event) => {
    if (event.inputType !== "insertText" || input.selectionStart !== input.value.length) return;
    const begun = /[a-z]{2,}$/i.exec(input.value);
    if (!begun) return;
    const fitting = words.filter((word) => word.startsWith(begun[0].toLowerCase()));
    if (fitting.length !== 1 || fitting[0].length === begun[0].length) return;
    const typed = input.value.length;
    input.value += fitting[0].slice(begun[0].length);
    input.setSelectionRange(typed, input.value.length);
  });
}

// On a sheet: 1 to 5 for a card's outcome and on to the next card, or after the last one to the button that closes the
// sheet; j and k for the next and the previous card. The box on the page turns them off.
const cards = [...document.querySelectorAll(".cards > .card, .also > ul > li")];
const keys = document.getElementById("keys");
if (cards.length && keys) {
  keys.closest("[hidden]").hidden = false;
  let current = -1;
  for (const [place, card] of cards.entries()) {
    card.addEventListener("focusin", () => { current = place; });
  }
  const goTo = (place) => {
    current = place;
    cards[place].focus();
    cards[place].scrollIntoView({ block: "start" });
  };
  const typing = (target) => target.closest("input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (!keys.checked || event.repeat || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    const step = { j: 1, k: -1 }[event.key];
    if (step) {
      goTo(Math.max(0, Math.min(cards.length - 1, current + step)));
    } else if (/^[1-5]$/.test(event.key)) {
      const card = Math.max(0, current);
      const outcome = cards[card].querySelector(`input[data-key="${event.key}"]`);
      if (!outcome) return;
      outcome.checked = !outcome.checked; // the same key again takes it back
      if (!outcome.checked) goTo(card);
      else if (card < cards.length - 1) goTo(card + 1);
      else document.querySelector(".save button:last-of-type").focus();
    } else {
      return;
    }
    event.preventDefault();
  });
}

// Insights: a link to a question opens its answers; on paper nothing is folded away.
document.addEventListener("click", (event) => {
  const link = event.target.closest('.insights a[href^="#item-"]');
  if (link) document.querySelector(link.hash).closest("details").open = true;
});
window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll(".insights details:not([open])")) folded.open = true;
});

// The idle limit counts touches. At most one a minute is reported; without any, the page is left, and what is marked on
// its form is kept for when the person is back. Time is read from the clock: timers rest while a computer sleeps.
const idle = document.querySelector("meta[name=idle]");
if (idle) {
  let touched = Date.now(), reported = Date.now(), leaving = false;
  const leave = async () => {
    leaving = true;
    const form = document.querySelector("form.talk");
    if (form) {
      const marked = new FormData(form);
      marked.append("path", new URL(form.action).pathname);
      await fetch(idle.dataset.keep, { method: "POST", body: marked }).catch(() => {});
    }
    location.replace(idle.dataset.url);
  };
  const look = () => { if (!leaving && Date.now() - touched >= 1000 * Number(idle.content)) leave(); };
  const touch = () => {
    look();
    if (leaving) return;
    touched = Date.now();
    if (touched - reported < 60_000) return;
    reported = touched;
    fetch(idle.dataset.touch, { redirect: "manual" }).catch(() => {});
  };
  for (const kind of ["pointerdown", "keydown", "scroll"]) document.addEventListener(kind, touch, { passive: true });
  for (const kind of ["visibilitychange", "pageshow", "focus"]) window.addEventListener(kind, look);
  setInterval(look, 5_000);
}

// What is made for paper: a button that opens the browser's print dialog.
for (const button of document.querySelectorAll(".print-now")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Copies a text. Over http browsers offer no clipboard but the old command.
for (const button of document.querySelectorAll("[data-copies]")) {
  const text = document.getElementById(button.dataset.copies);
  button.hidden = false;
  button.addEventListener("click", async () => {
    text.select();
    const copied = navigator.clipboard
      ? await navigator.clipboard.writeText(text.value).then(() => true, () => document.execCommand("copy"))
      : document.execCommand("copy");
    button.parentElement.querySelector("output").textContent = copied ? button.dataset.done : "";
  });
}

// A page that comes back from memory may belong to somebody who has signed out: load it again.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
