// Runs before everything else of a page that is measured, and writes down what its visitor waits for.
"use strict";
(() => {
  const seen = { largest: 0, first: 0, blocked: [], field: 0, events: [], times: [] };
  self.plimsollSeen = seen;
  const observe = (type, take, options = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...options });
  observe("largest-contentful-paint", ({ startTime }) => { seen.largest = startTime; });
  observe("paint", ({ name, startTime }) => { if (name === "first-contentful-paint") seen.first = startTime; });
  observe("longtask", ({ startTime, duration }) => seen.blocked.push([startTime, duration]));
  observe("event", ({ name, interactionId, duration }) => {
    if (interactionId) seen.events.push([interactionId, name, duration]);
  }, { durationThreshold: 16 });

  // The field can be typed into once it is there and painted.
  const look = () => {
    if (document.getElementById("input")) requestAnimationFrame(() => setTimeout(() => { seen.field ||= performance.now(); }));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);

  // From a key or a call of `start` until the first frame in which `test` says something else than before.
  self.plimsollWatch = (test) => {
    let since;
    let before = test();
    const start = (time) => {
      before = test();
      since = time;
    };
    new MutationObserver(() => {
      if (since === undefined || test() === before) return;
      const from = since;
      since = undefined;
      requestAnimationFrame(() => setTimeout(() => seen.times.push(performance.now() - from)));
    }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    addEventListener("keydown", ({ timeStamp }) => start(timeStamp), true);
    return () => start(performance.now());
  };
})();
