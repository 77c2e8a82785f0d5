// Tries to get a word out of this page, in every way that a script has, and says how each ended.
"use strict";
(() => {
  const section = document.getElementById("leak");
  const results = document.getElementById("leak-results");
  const status = document.getElementById("leak-status");
  const word = "plimsoll-leak-try";
  // A host that cannot exist, put together here since no file of the site names a host to load from.
  const nobody = ["http:", "", "plimsoll.invalid"].join("/");
  const refused = [];
  document.addEventListener("securitypolicyviolation", (event) => refused.push(event.blockedURI));
  const element = (name, attributes) => {
    const it = document.createElement(name);
    it.hidden = true;
    for (const [key, value] of Object.entries(attributes)) it.setAttribute(key, value);
    document.body.append(it);
    return it;
  };
  const ways = {
    "fetch": (url) => fetch(url, { method: "POST", body: word, mode: "no-cors" }),
    "XMLHttpRequest": (url) => new Promise((done, fail) => {
      const request = new XMLHttpRequest();
      request.onload = done;
      request.onerror = fail;
      request.open("GET", url);
      request.send();
    }),
    "beacon": (url) => { if (!navigator.sendBeacon(url, word)) throw new Error("not sent"); },
    "image": (url) => new Promise((done, fail) => {
      const it = element("img", { alt: "" });
      it.onload = done;
      it.onerror = fail;
      it.src = url;
    }),
    "web socket": (url) => new Promise((done, fail) => {
      const socket = new WebSocket(url.replace(/^http/, "ws"));
      socket.onopen = done;
      socket.onerror = fail;
    }),
    "event stream": (url) => new Promise((done, fail) => {
      const source = new EventSource(url);
      source.onopen = done;
      source.onerror = () => { source.close(); fail(new Error("closed")); };
    }),
    "style sheet": (url) => new Promise((done, fail) => {
      const it = element("link", { rel: "stylesheet" });
      it.onload = done;
      it.onerror = fail;
      it.href = url;
    }),
    // Into a frame, or a page that is not closed would be gone.
    "form": (url) => {
      const target = `${word}-${refused.length}`;
      element("iframe", { name: target });
      element("form", { action: url, method: "post", target }).submit();
    },
  };
  const pause = (time) => new Promise((done) => setTimeout(done, time));
  const attempt = async (name, way, origin) => {
    const url = `${origin}/${word}/${encodeURIComponent(name)}`;
    const before = refused.length;
    let outcome = "no answer";
    try {
      await Promise.race([Promise.resolve(way(url)).then(() => { outcome = "went through"; }), pause(3000)]);
    } catch {
      outcome = "failed";
    }
    // The browser reports a refusal when it comes to it, on a busy machine later.
    for (let n = 0; n < 20 && refused.length === before; n++) await pause(50);
    const isRefused = refused.length > before;
    const item = document.createElement("li");
    item.className = isRefused ? "passes" : "fails";
    item.textContent = `${isRefused ? "\u2713" : "\u25b2"} ${name}, ${origin}: ` +
      (isRefused ? "refused by the browser" : `${outcome}, and the browser reported no refusal`);
    results.append(item);
    return isRefused;
  };
  // The checker does the same before it reads anything: a second policy, which names no host at all.
  const close = () => {
    const policy = document.createElement("meta");
    policy.httpEquiv = "Content-Security-Policy";
    policy.content = "default-src 'none'; connect-src 'none'; script-src 'none'; style-src 'none'; " +
      "img-src data: blob:; form-action 'none'; base-uri 'none'; frame-src 'none'; object-src 'none'";
    document.head.append(policy);
  };
  // In the single file nothing can be reached from the start.
  let isClosed = Boolean(self.plimsollInside);
  const all = async () => {
    if (!isClosed) close();
    isClosed = true;
    results.replaceChildren();
    status.textContent = "Trying\u2026";
    const outcomes = [];
    for (const [name, way] of Object.entries(ways)) {
      for (const origin of [self.origin, nobody]) {
        if (origin !== "null") outcomes.push(await attempt(name, way, origin));
      }
    }
    const n = outcomes.filter(Boolean).length;
    status.textContent = `${n} of ${outcomes.length} attempts were refused by the browser.`;
  };
  document.getElementById("leak-try").addEventListener("click", all);
  section.hidden = false;
})();
