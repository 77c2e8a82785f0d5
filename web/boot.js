// Fetches the parts of the page and hands them over. Starts nothing but the page's own module:
// the engine's code stays a text and a compiled module until the page has closed the airlock.
"use strict";
(() => {
  const refuse = (why) => {
    const place = document.getElementById("failed");
    place.textContent =
      "The checker did not load (" + why + "). Reload the page to try again. If it was opened " +
      "from a folder, it needs a web server, since browsers refuse to load WebAssembly from files.";
    place.hidden = false;
    document.getElementById("late").hidden = true;
    document.getElementById("status").dataset.engine = "dead";
  };
  const meta = document.querySelector('meta[name="plimsoll-assets"]');
  if (!meta) return refuse("this copy was not built");
  if (typeof WebAssembly !== "object") return refuse("this browser has no WebAssembly");
  const assets = JSON.parse(meta.content);

  // The only two script addresses this page ever blesses: its own module's glue, and the engine.
  const rules = {
    createScriptURL(url) {
      if (url === assets["web.js"].url || url.startsWith("blob:" + self.origin + "/")) return url;
      throw new TypeError("not one of ours");
    },
  };
  const policy = self.trustedTypes ? trustedTypes.createPolicy("plimsoll", rules) : rules;

  // In the single file everything is in the page itself: deflated, and five letters for four bytes.
  const inside = (name) => document.querySelector(`script[data-packed="${name}"]`);
  const inflated = ({ textContent: text, dataset }) => {
    const words = new DataView(new ArrayBuffer((text.length / 5) * 4));
    for (let at = 0; at < text.length; at += 5) {
      let word = 0;
      for (let next = at; next < at + 5; next++) {
        const code = text.charCodeAt(next);
        // The sign that begins a tag is left out.
        word = word * 85 + code - (code > 60 ? 36 : 35);
      }
      words.setUint32((at / 5) * 4, word);
    }
    const packed = new Blob([words.buffer.slice(0, Number(dataset.length))]);
    return new Response(packed.stream().pipeThrough(new DecompressionStream("deflate-raw")));
  };
  const get = async (name) => {
    if (inside(name)) return inflated(inside(name));
    const { url, integrity } = assets[name];
    const answer = await fetch(url, { integrity, credentials: "omit" });
    if (!answer.ok) throw new Error(name + ": " + answer.status);
    return answer;
  };
  const text = async (name) => (await get(name)).text();
  const module = async (name) => WebAssembly.compile(await (await get(name)).arrayBuffer());
  const script = (name) =>
    new Promise((loaded, failed) => {
      const element = document.createElement("script");
      element.onload = loaded;
      element.onerror = () => failed(new Error(name));
      element.integrity = assets[name].integrity;
      element.crossOrigin = "anonymous";
      element.src = policy.createScriptURL(assets[name].url);
      document.head.append(element);
    });

  // Texts in links: compressed by the browser, written with the characters that links keep.
  const piped = async (bytes, through) =>
    new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(through)).arrayBuffer());
  const pack = async (text) => {
    const bytes = await piped(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
    const letters = Array.from(bytes, (it) => String.fromCharCode(it)).join("");
    return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };
  const unpack = async (packed) => {
    const letters = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, (it) => it.charCodeAt(0));
    // What was made to burst is cut where no Dockerfile reaches.
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    const parts = [];
    for (let length = 0; length < 1 << 20; ) {
      const { value, done } = await reader.read();
      if (done) return new TextDecoder().decode(await new Blob(parts).arrayBuffer());
      parts.push(value);
      length += value.length;
    }
    throw new Error("too long");
  };

  const engine = Promise.all([text("worker.js"), module("worker.wasm"), text("pages.json")]);
  // The page looks at a failure itself, once it runs.
  engine.catch(() => {});
  const glue = inside("web.wasm") ? undefined : script("web.js");
  Promise.all([module("web.wasm"), glue])
    .then(([module]) => {
      wasm_bindgen.initSync({ module });
      wasm_bindgen.start(engine, (url) => policy.createScriptURL(url), pack, unpack);
    })
    .catch((error) => refuse(error.message));
})();
