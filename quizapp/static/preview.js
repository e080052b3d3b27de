"use strict";
// Reloads the page when a file of the content has changed.
let seen = null;
setInterval(async () => {
  try {
    const answer = await fetch("/preview/version");
    const version = (await answer.json()).version;
    if (seen !== null && seen !== version) location.reload();
    seen = version;
  } catch { /* the preview was stopped */ }
}, 1000);
