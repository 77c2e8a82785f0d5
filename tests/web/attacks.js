// Every way we know by which code in a page or a worker can make the browser send something,
// save those that no policy governs. Leaves `plimsollAttacks.attack(kind, origins)` behind, which
// tries all ways open to a kind of code towards all origins.
"use strict";
self.plimsollAttacks = (() => {
  const violations = [];
  const target = typeof document === "object" ? document : self;
  target.addEventListener("securitypolicyviolation", (event) => {
    violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
  });

  let count = 0;
  const fresh = () => `attack-${++count}`;
  const element = (name, attributes) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    document.body.append(made);
    return made;
  };
  const link = (rel, more = {}) => (url) => element("link", { rel, href: url, ...more });
  const source = (url) => `fetch(${JSON.stringify(url)}, { mode: "no-cors" })`;
  const blob = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const vector = (name, attributes) => {
    const namespace = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(namespace, "svg");
    const child = document.createElementNS(namespace, name);
    for (const [key, value] of Object.entries(attributes)) child.setAttribute(key, value);
    svg.append(child);
    document.body.append(svg);
  };

  const anywhere = {
    "fetch": (url) => fetch(url, { mode: "no-cors" }),
    "fetch-post": (url) => fetch(url, { method: "POST", body: "x", mode: "no-cors" }),
    "fetch-keepalive": (url) => fetch(url, { keepalive: true, mode: "no-cors" }),
    "xhr": (url) => new Promise((done) => {
      const request = new XMLHttpRequest();
      request.onloadend = done;
      request.open("GET", url);
      request.send();
    }),
    "event-source": (url) => new EventSource(url),
    "web-socket": (url) => new WebSocket(url.replace(/^http/, "ws")),
    "import": (url) => import(url),
    "worker": (url) => new Worker(url),
    "blob-worker": (url) => new Worker(blob(source(url))),
    "cache": async (url) => (await caches.open("attack")).add(new Request(url, { mode: "no-cors" })),
  };
  const worker = {
    ...anywhere,
    "import-scripts": (url) => importScripts(url),
    "font": (url) => new FontFace("attack", `url("${url}")`).load(),
  };
  const page = {
    ...anywhere,
    "beacon": (url) => navigator.sendBeacon(url, "x"),
    "ping": (url) => element("a", { href: "#attack", ping: url }).click(),
    "image": (url) => { new Image().src = url; },
    "image-set": (url) => element("img", { srcset: `${url} 2x, ${url} 1x` }),
    "input-image": (url) => element("input", { type: "image", src: url }),
    "vector-image": (url) => vector("image", { href: url, width: 9, height: 9 }),
    "vector-use": (url) => vector("use", { href: `${url}#x` }),
    "audio": (url) => element("audio", { src: url, preload: "auto" }),
    "video": (url) => element("video", { src: url, preload: "auto" }),
    "poster": (url) => element("video", { poster: url }),
    "track": (url) => {
      const video = element("video", { crossorigin: "anonymous" });
      const track = document.createElement("track");
      track.setAttribute("src", url);
      track.setAttribute("default", "");
      video.append(track);
      track.track.mode = "showing";
    },
    "object": (url) => element("object", { data: url }),
    "embed": (url) => element("embed", { src: url }),
    "frame": (url) => element("iframe", { src: url }),
    "frame-fetch": (url) => element("iframe", {}).contentWindow.fetch(url, { mode: "no-cors" }),
    "frame-image": (url) => { new (element("iframe", {}).contentWindow.Image)().src = url; },
    "form": (url) => {
      const name = fresh();
      element("iframe", { name });
      element("form", { action: url, method: "post", target: name }).submit();
    },
    "script": (url) => element("script", { src: url }),
    "module": (url) => element("script", { src: url, type: "module" }),
    "module-preload": link("modulepreload"),
    "style": link("stylesheet"),
    "preload": link("preload", { as: "fetch" }),
    "prefetch": link("prefetch"),
    "style-image": (url) => { element("p", {}).style.backgroundImage = `url("${url}")`; },
    "style-text": (url) => { element("style", {}).textContent = `@import "${url}";`; },
    "adopted-style": (url) => {
      const id = fresh();
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`#${id} { background-image: url("${url}"); }`);
      document.adoptedStyleSheets.push(sheet);
      element("p", { id });
    },
    "font": (url) => new FontFace("attack", `url("${url}")`).load(),
    "worklet": (url) => new OfflineAudioContext(1, 1, 44100).audioWorklet.addModule(url),
    "shared-worker": (url) => new SharedWorker(url),
    "service-worker": (url) => navigator.serviceWorker.register(url, { scope: "/attack/" }),
  };

  const pause = (time) => new Promise((done) => setTimeout(done, time));
  const attack = async (kind, origins) => {
    const ways = { page, worker }[kind];
    const attempts = Object.entries(ways).flatMap(([name, way]) => origins.map(async (origin) => {
      const attempt = (async () => way(`${origin}/attack/${name}`))();
      const outcome = await Promise.race([
        attempt.then(() => "tried", (error) => `refused: ${error}`),
        pause(5000).then(() => "no answer"),
      ]);
      return `${name} ${origin}: ${outcome}`;
    }));
    const outcomes = await Promise.all(attempts);
    await pause(1500);
    return { names: Object.keys(ways), outcomes, violations };
  };
  return { attack };
})();
