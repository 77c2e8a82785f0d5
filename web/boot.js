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
  // Inside another page: the fragment says how to look, and the page around hears how high this one
  // is once it has an answer, and nothing else.
  const [, texts, look, fixed] = /^(#.*)&embed=(auto|light|dark)(-readonly)?$/.exec(location.hash) ?? [];
  if (fixed) {
    // To be looked at: what would change the text is not shown (see wide.css) and does nothing.
    document.documentElement.dataset.readonly = "";
    document.getElementById("input").readOnly = true;
    const stop = (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    for (const kind of ["dragover", "drop", "paste"]) addEventListener(kind, stop, true);
    addEventListener("keydown", (event) => {
      const chord = event.ctrlKey || event.metaKey;
      if (chord ? /^[k.o]$/i.test(event.key) : /^[fi?]$/i.test(event.key)) stop(event);
    }, true);
  }
  if (look) {
    history.replaceState(null, "", texts);
    document.documentElement.dataset.embed = look;
    const tell = () => {
      if (!document.querySelector("#outcome *")) return;
      parent.postMessage({ plimsollHeight: document.body.offsetHeight }, "*");
    };
    new ResizeObserver(tell).observe(document.body);
  }
  const meta = document.querySelector('meta[name="plimsoll-assets"]');
  if (!meta) return refuse("this copy was not built");
  if (typeof WebAssembly !== "object") return refuse("this browser has no WebAssembly");
  const assets = JSON.parse(meta.content);

  // The only script addresses this page ever blesses: its own module's glue, the engine, and what
  // keeps the site for the time without a network.
  const keeper = "service-worker.js";
  const rules = {
    createScriptURL(url) {
      if (url === assets["web.js"].url || url === keeper || url.startsWith("blob:" + self.origin + "/")) return url;
      throw new TypeError("not one of ours");
    },
  };
  const policy = self.trustedTypes ? trustedTypes.createPolicy("plimsoll", rules) : rules;

  // In the single file everything is in the page itself.
  const inside = self.plimsollInside ?? (() => undefined);
  // Steps of the start have turns of their own, so that who types meanwhile is answered between them.
  const turn = (it) => new Promise((go) => setTimeout(go, 0, it));
  const get = async (name) => {
    const packed = inside(name);
    if (packed) return new Response(await packed);
    const { url, integrity } = assets[name];
    const answer = await turn(await fetch(url, { integrity, credentials: "omit" }));
    if (!answer.ok) throw new Error(name + ": " + answer.status);
    return answer;
  };
  const text = async (name) => (await get(name)).text();
  const module = async (name) => WebAssembly.compile(await turn(await (await get(name)).arrayBuffer()));
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

  // Texts in links: packed by the page, written with the characters that links keep.
  const letters = (bytes) => {
    const text = Array.from(bytes, (it) => String.fromCharCode(it)).join("");
    return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };
  const bytesOf = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (it) => it.charCodeAt(0));

  // With a passphrase they are locked first: 16 bytes of salt, 12 of nonce, and the rest.
  const ROUNDS = 600_000;
  const keyOf = async (passphrase, salt) => {
    const bytes = new TextEncoder().encode(passphrase.normalize());
    const from = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
    return crypto.subtle.deriveKey(how, from, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  };
  const lock = async (bytes, passphrase) => {
    const [salt, iv] = [16, 12].map((length) => crypto.getRandomValues(new Uint8Array(length)));
    const locked = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(passphrase, salt), bytes);
    return new Uint8Array(await new Blob([salt, iv, locked]).arrayBuffer());
  };
  const unlock = async (bytes, passphrase) => {
    const [salt, iv, locked] = [bytes.slice(0, 16), bytes.slice(16, 28), bytes.slice(28)];
    return crypto.subtle.decrypt({ name: "AES-GCM", iv }, await keyOf(passphrase, salt), locked);
  };
  // Asks for a passphrase until `use` has something made of it; nothing when somebody leaves.
  const passphrase = (use, wrong) =>
    new Promise((done) => {
      const dialog = document.getElementById("lock").content.firstElementChild.cloneNode(true);
      const [field, told] = [dialog.querySelector("input"), dialog.querySelector(".told")];
      const [go, leave] = dialog.querySelectorAll("button");
      const tryIt = async () => {
        if (field.value === "") return;
        try {
          const made = await use(field.value);
          done(made);
          dialog.close();
        } catch {
          told.textContent = wrong;
          field.select();
        }
      };
      go.addEventListener("click", tryIt);
      leave.addEventListener("click", () => dialog.close());
      dialog.addEventListener("keydown", (event) => {
        event.stopPropagation();
        if (event.key === "Enter" && event.target === field) tryIt();
      });
      dialog.addEventListener("close", () => {
        dialog.remove();
        done(undefined);
      });
      document.body.append(dialog);
      dialog.showModal();
    });

  // How it is packed stands before it: `c` by the page, `q` so and locked. Older links are by deflate: `p` is
  // locked, and those that are not have no sign. They give a text, the others bytes.
  const pack = async (bytes, isLocked) => {
    if (!isLocked) return "c." + letters(bytes);
    const locked = await passphrase((it) => lock(bytes, it), "This browser cannot lock anything here.");
    return locked ? "q." + letters(locked) : "";
  };
  const unpack = async (link) => {
    const [, sign, packed] = /^(?:([cpq])\.)?(.*)$/.exec(link);
    let bytes = bytesOf(packed);
    if (sign === "p" || sign === "q") {
      const locked = bytes;
      bytes = await passphrase((it) => unlock(locked, it), "That is not the passphrase, or the link is damaged.");
      if (!bytes) throw new Error("left");
    }
    if (sign === "c" || sign === "q") return new Uint8Array(bytes);
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

  // What was handed in by a field or a transfer: its files, and the build context as people list it, the
  // names of all files and behind them what the ignore file says. A folder that is dropped is what
  // `docker build` is given: what builds it is handed in with it.
  const walk = async (folder, path, found) => {
    const reader = folder.createReader();
    for (let some = [0]; some.length > 0; ) {
      some = await new Promise((done, failed) => reader.readEntries(done, failed));
      for (const it of some) {
        if (it.isDirectory) await walk(it, path + it.name + "/", found);
        else found.set(path + it.name, it);
      }
    }
  };
  const folder = async ({ items, files }) => {
    const found = new Map();
    const handed = [];
    // At once: nothing is in a transfer any more when something was awaited.
    const all = Array.from(items ?? files, (it) => {
      const entry = it.webkitGetAsEntry?.();
      return entry?.isDirectory ? entry : items ? it.getAsFile() : it;
    });
    for (const it of all) {
      if (it?.isDirectory) await walk(it, "", found);
      else if (it?.webkitRelativePath) found.set(it.webkitRelativePath.replace(/^.*?\//, ""), it);
      else if (it) handed.push(it);
    }
    const first = (...names) => {
      const it = found.get(names.find((it) => found.has(it)));
      return it?.isFile ? new Promise((done, failed) => it.file(done, failed)) : it;
    };
    const build = await first("Dockerfile", "Containerfile");
    const ignore = await first(build?.name + ".dockerignore", ".dockerignore");
    if (items && handed.length === 0) {
      handed.push(...[build, await first("plimsoll.toml", ".plimsoll.toml")].filter(Boolean));
    }
    const rules = ignore ? "\n.dockerignore:\n" + (await ignore.text()).replace(/^/gm, "  ") : "";
    return [handed, [...found.keys()].join("\n") + rules];
  };

  // Asks the browser to keep the site, before the page gives up its network. The page needs no copy
  // to work, and a newer one never takes over by itself.
  const offline = (state) => {
    document.body.dataset.offline = state;
    document.getElementById("offline").hidden = state !== "ready";
  };
  const newer = () => {
    const template = document.getElementById("newer");
    const banner = template.content.firstElementChild.cloneNode(true);
    const [load, later] = banner.querySelectorAll("button");
    load.addEventListener("click", () => location.reload());
    later.addEventListener("click", () => {
      banner.remove();
      document.getElementById("input").focus();
    });
    template.after(banner);
    document.getElementById("live").textContent = "A newer version is ready.";
  };
  const kept = async () => {
    if (inside("web.wasm")) return;
    const { serviceWorker } = navigator;
    if (serviceWorker.controller) {
      serviceWorker.addEventListener("controllerchange", newer, { once: true });
    }
    const url = policy.createScriptURL(keeper);
    const registration = await serviceWorker.register(url, { updateViaCache: "none" });
    // The pack is kept by the worker that handed it out, not before.
    const isKept = !wantsPack || serviceWorker.controller;
    serviceWorker.ready.then(() => offline(isKept ? "ready" : "later"));
    registration.installing?.addEventListener("statechange", ({ target }) => {
      if (target.state === "redundant" && !registration.active) offline("none");
    });
  };

  // What looks through shell scripts is as large as the engine: it is loaded for those who say so in
  // the address. A page that has given up its network cannot load it any more, so another one opens.
  const hasPack = assets["shell.wasm"] && !inside("web.wasm");
  const wantsPack = hasPack && location.search === "?shell";
  const link = document.getElementById("shell");
  link.hidden = !hasPack;
  if (wantsPack) {
    link.textContent = "Without shell scripts";
    link.href = "./";
  }
  const extra = wantsPack ? [text("shell.js"), module("shell.wasm")] : [];
  const engine = Promise.all([text("worker.js"), module("worker.wasm"), text("pages.txt"), ...extra])
    // Where it is refused, as in private windows, the page works as well.
    .then((parts) => kept().catch(() => offline("none")).then(() => turn(parts)));
  // The page looks at a failure itself, once it runs.
  engine.catch(() => {});
  const glue = inside("web.wasm") ? undefined : script("web.js");
  Promise.all([module("web.wasm"), glue])
    .then(turn)
    .then(([module]) => wasm_bindgen.initSync({ module }))
    .then(turn)
    .then(() => wasm_bindgen.start(engine, (url) => policy.createScriptURL(url), pack, unpack, folder))
    .catch((error) => refuse(error.message));
})();
