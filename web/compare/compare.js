// The page that compares two versions. It loads the checker's engine, gives up the network as the checker
// does, proves it, and only then starts the engine and hands over what was pasted or opened.
"use strict";
(() => {
  const said = document.getElementById("said");
  const status = document.getElementById("status");
  const told = document.getElementById("told");
  const heading = document.getElementById("result-heading");
  const copy = document.getElementById("copy");
  const only = document.getElementById("only-changed");
  // A unified patch, as the engine knows it too.
  const PATCH = /^--- .*\r?\n\+\+\+ .*\r?\n@@ -/m;
  const sides = ["old", "new"].map((name) => ({
    name,
    section: document.querySelector(`[data-side=${name}]`),
    text: document.getElementById(name),
    input: document.getElementById(`${name}-files`),
    files: [],
  }));

  // As in boot.js: the only script address that is ever blessed is the engine's.
  const rules = {
    createScriptURL(url) {
      if (url.startsWith(`blob:${self.origin}/`)) return url;
      throw new TypeError("not ours");
    },
  };
  const policy = self.trustedTypes ? trustedTypes.createPolicy("plimsoll", rules) : rules;
  const get = async (name) => {
    const { url, integrity } = JSON.parse(document.querySelector('meta[name="plimsoll-assets"]').content)[name];
    const answer = await fetch(url, { integrity, credentials: "omit" });
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return answer;
  };

  // The same policy as the checker's, and the same proof that it holds: see airlock.rs.
  const CLOSED = "default-src 'none'; connect-src 'none'; script-src 'wasm-unsafe-eval'; " +
    "worker-src blob:; style-src 'none'; img-src data: blob:; form-action 'none'; " +
    "base-uri 'none'; frame-src 'none'; object-src 'none'";
  const close = async () => {
    const reported = new Promise((done) => {
      document.addEventListener("securitypolicyviolation", (event) => {
        if (event.effectiveDirective === "connect-src") done(true);
      });
      setTimeout(() => done(false), 3000);
    });
    const meta = document.createElement("meta");
    meta.httpEquiv = "Content-Security-Policy";
    meta.content = CLOSED;
    document.head.append(meta);
    const went = await fetch("airlock-probe").then(() => true, () => false);
    return !went && (await reported);
  };
  const SHIM = "\nonmessage = (event) => {\n  onmessage = null;\n" +
    "  wasm_bindgen.initSync({ module: event.data });\n  wasm_bindgen.run(false);\n};\n";
  let worker;
  let job = 0;
  const start = async () => {
    const [script, module] = await Promise.all([
      get("worker.js").then((it) => it.text()),
      get("worker.wasm").then((it) => it.arrayBuffer()).then((it) => WebAssembly.compile(it)),
    ]);
    if (!(await close())) {
      status.dataset.airlock = "failed";
      throw new Error("this browser did not refuse a request when it was tried, so nothing is read here");
    }
    status.dataset.airlock = "closed";
    const blob = new Blob([script, SHIM], { type: "text/javascript" });
    worker = new Worker(policy.createScriptURL(URL.createObjectURL(blob)));
    worker.onerror = (event) => {
      event.preventDefault();
      say("The checker failed over this input. Load the page again to go on.");
    };
    worker.onmessage = ({ data }) => hear(data);
    worker.postMessage(module);
  };

  const say = (text) => { said.textContent = text; };
  const element = (name, className, ...children) => {
    const it = document.createElement(name);
    if (className) it.className = className;
    it.append(...children);
    return it;
  };
  // Messages quote input between backticks, which no input can contain.
  const message = (text) => text.split("\x60").map((it, index) => (index % 2 ? element("code", "", it) : it));

  const handed = (side, files) => {
    const documents = [];
    if (side.text.value.trim() !== "") {
      documents.push({ name: "Dockerfile", taken_for: null, content: { text: side.text.value } });
    }
    for (const file of side.files) {
      documents.push({ name: file.name, taken_for: null, content: { file: files.length } });
      files.push(file);
    }
    return documents;
  };
  const ask = () => {
    const files = [];
    const [before, now] = sides.map((side) => handed(side, files));
    if (!worker || before.length === 0 || now.length === 0) return;
    const today = new Date().toISOString().slice(0, 10);
    job += 1;
    worker.postMessage([JSON.stringify({ compare: { job, today, old: before, new: now } }), ...files]);
    say("Comparing");
  };
  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  };

  const hear = (text) => {
    const at = text.indexOf("\n");
    const [word, number] = text.slice(0, at).split(" ");
    if (word === "ready") {
      say("Airlock closed. Nothing leaves this page.");
      ask();
    }
    if (Number(number) !== job) return;
    if (word === "gave") {
      const [json, ...markdown] = text.slice(at + 1).split("\0");
      last = [JSON.parse(json), ...markdown];
      show();
    }
    if (word === "broke") {
      // An earlier answer would be taken for one of this.
      last = undefined;
      told.replaceChildren();
      heading.textContent = "Not compared";
      copy.hidden = true;
      say(`Not compared: ${text.slice(at + 1)}.`);
    }
  };

  const SHAPES = { high: "\u25b2", medium: "\u25c6", low: "\u25a0", note: "\u25cf" };
  const item = ({ rule, severity, message: text, place }) => {
    const shape = element("span", "", SHAPES[severity]);
    shape.setAttribute("aria-hidden", "true");
    return element("li", severity,
      element("span", "severity", shape, ` ${severity} `),
      element("span", "message", ...message(text)),
      element("span", "where", `${place} \u00b7 ${rule}`));
  };
  const group = (name, className, findings, isOpen) => {
    const it = element("details", className,
      element("summary", "", `${name} (${findings.length})`),
      element("ul", "", ...findings.map(item)));
    it.open = isOpen;
    return it;
  };
  const row = (cell, first, ...rest) => {
    const head = element("th", "", first);
    head.scope = cell === "td" ? "row" : "col";
    const others = rest.map((text) => element(cell, "", text));
    if (cell === "th") for (const it of others) it.scope = "col";
    return [head, ...others];
  };
  // The newest answer: the comparison, and two Markdown texts of it.
  let last;
  const show = () => {
    const [it] = last;
    // What stands in no text, as files in layers do, stays.
    const chosen = (findings) => (only.checked ? findings.filter((it) => it.changed !== false) : findings);
    const [fresh, fixed, unchanged] = [it.new, it.fixed, it.unchanged].map(chosen);
    const summary = `${fresh.length} new, ${fixed.length} fixed, ${unchanged.length} unchanged`;
    const hidden = [it.new, it.fixed, it.unchanged].flat().length - [fresh, fixed, unchanged].flat().length;
    heading.textContent = hidden > 0 ? `${summary}; ${hidden} on unchanged lines left out` : summary;
    const rows = it.answers.map(({ text, old, new: now }) =>
      element("tr", old === now ? "" : "changed", ...row("td", text, old, now)));
    const table = element("table", "",
      element("thead", "", element("tr", "", ...row("th", "If this container is compromised", "before", "now"))),
      element("tbody", "", ...rows));
    told.replaceChildren(table,
      group("New", "new", fresh, true),
      group("Fixed", "fixed", fixed, true),
      group("Unchanged", "unchanged", unchanged, only.checked));
    copy.hidden = false;
    only.parentElement.hidden = false;
    const isPatch = PATCH.test(sides[1].text.value) || PATCH.test(sides[1].head ?? "");
    say(`${isPatch ? "The patch was applied to the version before. " : ""}Airlock closed. Nothing leaves this page.`);
  };

  const take = (side, files) => {
    side.files = [...files];
    side.section.querySelector(".files").textContent = side.files.map((it) => it.name).join(", ");
    side.head = undefined;
    const [first] = side.files;
    if (side.files.length === 1 && side.text.value.trim() === "") {
      first.slice(0, 20_000).text().then((head) => { side.head = head; }, () => {});
    }
    ask();
  };
  for (const side of sides) {
    side.text.addEventListener("input", soon);
    side.input.addEventListener("change", () => take(side, side.input.files));
    side.section.addEventListener("dragover", (event) => {
      event.preventDefault();
      side.section.classList.add("over");
    });
    side.section.addEventListener("dragleave", () => side.section.classList.remove("over"));
    side.section.addEventListener("drop", (event) => {
      event.preventDefault();
      side.section.classList.remove("over");
      take(side, event.dataTransfer.files);
    });
  }
  // Beside the two places, a drop would open the file in place of the page.
  for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
  document.getElementById("swap").addEventListener("click", () => {
    const [before, now] = sides;
    [before.text.value, now.text.value] = [now.text.value, before.text.value];
    const files = before.files;
    take(before, now.files);
    take(now, files);
  });
  only.addEventListener("change", () => last && show());
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(last[only.checked ? 2 : 1]);
      say("Copied.");
    } catch {
      say("The browser did not allow copying.");
    }
  });
  start().catch((error) => say(`The checker did not load: ${error.message}.`));
})();
