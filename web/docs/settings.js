// Settings as a form beside plimsoll.toml: each follows the other. It reads the TOML that settings need, and
// says so where a file has something else; the program reads all of it.
"use strict";
(() => {
  const form = document.getElementById("settings-form");
  const by = (id) => document.getElementById(`settings-${id}`);
  const [text, state, list, filter] = ["toml", "state", "rules", "filter"].map(by);
  const rules = [...list.children].map((item) => ({
    item,
    id: item.dataset.rule,
    names: [item.dataset.rule, ...(item.dataset.aka ?? "").split(" ").filter(Boolean)],
    isOn: item.dataset.on !== "no",
    words: `${item.dataset.rule} ${item.dataset.aka ?? ""} ${item.textContent}`.toLowerCase(),
  }));
  const switches = new Map();

  // Reading. An error has the line it stands on.
  const read = (source) => {
    let at = 0;
    const fail = (what) => {
      const line = source.slice(0, at).split("\n").length;
      throw new Error(`Line ${line}: ${what}.`);
    };
    const skip = (pattern) => { at += pattern.exec(source.slice(at))[0].length; };
    const blank = () => skip(/^[ \t]*/);
    const space = () => skip(/^(?:[ \t\r\n]|#[^\n]*)*/);
    const takes = (it) => source.startsWith(it, at) && Boolean(at += it.length);
    const string = () => {
      if (/^("""|''')/.test(source.slice(at))) fail("texts of several lines are not read here");
      const [whole] = /^(?:'[^'\n]*'|"(?:[^"\\\n]|\\.)*")/.exec(source.slice(at)) ?? [];
      if (whole === undefined) fail("a text in quotes is expected");
      at += whole.length;
      if (whole[0] === "'") return whole.slice(1, -1);
      try {
        return JSON.parse(whole.replace(/\\U0*([0-9a-fA-F]{1,6})/g, (_, it) => String.fromCodePoint(parseInt(it, 16)))
          .replaceAll("\\e", "\\u001b").replaceAll("\t", "\\t"));
      } catch {
        return fail("a text cannot be read");
      }
    };
    const key = () => {
      const parts = [];
      do {
        blank();
        const [bare] = /^[A-Za-z0-9_-]+/.exec(source.slice(at)) ?? [];
        at += bare?.length ?? 0;
        parts.push(bare ?? string());
        blank();
      } while (takes("."));
      return parts;
    };
    const value = () => {
      if (takes("true")) return true;
      if (takes("false")) return false;
      if (takes("[")) {
        const items = [];
        for (space(); !takes("]"); space()) {
          items.push(value());
          space();
          if (!takes(",") && source[at] !== "]") fail("a list is not closed");
        }
        return items;
      }
      if (takes("{")) {
        const table = new Map();
        for (blank(); !takes("}"); blank()) {
          pair(table);
          blank();
          if (!takes(",") && source[at] !== "}") fail("a table is not closed");
        }
        return table;
      }
      return string();
    };
    const inside = (table, parts) => parts.reduce((it, part) => {
      if (!it.has(part)) it.set(part, new Map());
      return it.get(part) instanceof Map ? it.get(part) : fail(`${part} is said twice`);
    }, table);
    const pair = (table) => {
      const parts = key();
      if (!takes("=")) fail("a name, =, and a value are expected");
      blank();
      const last = parts.pop();
      const place = inside(table, parts);
      if (place.has(last)) fail(`${last} is said twice`);
      place.set(last, value());
    };
    const root = new Map();
    let table = root;
    for (space(); at < source.length; space()) {
      if (takes("[")) {
        table = inside(root, key());
        if (!takes("]")) fail("the name of a table is not closed");
      } else pair(table);
      blank();
      if (!/^(?:$|\r?\n|#)/.test(source.slice(at))) fail("nothing more is expected on this line");
    }
    return root;
  };

  const KEYS = ["target", "trusted", "fail-on", "fail-on-unknown", "foreign-ignores", "shellcheck", "arguments", "rules"];
  // Codes of the pack for shell scripts are no rules of this page.
  const isCode = (name) => /^(?:shell-)?sc\d{4}$/i.test(name);
  const isText = (it) => typeof it === "string";
  const check = (holds, what) => { if (!holds) throw new Error(`${what}.`); };
  const fill = (root) => {
    for (const name of root.keys()) check(KEYS.includes(name), `There is no setting ${name}`);
    const [target, trusted = [], failOn = "medium", unknown = false, foreign = true, shell = false, values = new Map(), table = new Map()] =
      KEYS.map((it) => root.get(it));
    check(target === undefined || isText(target), "target is the name or number of a stage");
    check(Array.isArray(trusted) && trusted.every(isText), "trusted is a list of registries");
    check([...by("fail-on").options].some((it) => it.value === failOn), "fail-on is high, medium, low, note or never");
    check(typeof unknown === "boolean", "fail-on-unknown is true or false");
    check(typeof foreign === "boolean", "foreign-ignores is true or false");
    check(typeof shell === "boolean", "shellcheck is true or false");
    check(values instanceof Map && [...values.values()].every(isText), "arguments is a table of texts");
    check(table instanceof Map, "rules is a table");
    const wanted = new Map();
    for (const [name, it] of table) {
      const named = rules.filter(({ id, names }) => id === name || names.some((one) => one.toLowerCase() === name.toLowerCase()));
      if (isCode(name)) named.push({ id: name });
      check(named.length > 0, `There is no rule ${name}`);
      const [word, reason] = it instanceof Map && it.size === 1 ? [...it][0] : [it === true ? "on" : it, ""];
      const isOff = word === "off" && isText(reason) && reason.trim() !== "";
      check(isOff || (word === "on" && isText(reason)), `${name} is "on", or { off = "why" }`);
      for (const { id } of named) wanted.set(id, { on: !isOff, reason });
    }
    by("target").value = target ?? "";
    by("trusted").value = trusted.join("\n");
    by("fail-on").value = failOn;
    by("unknown").checked = unknown;
    by("foreign").checked = foreign;
    by("shell").checked = shell;
    by("arguments").value = [...values].map(([name, it]) => `${name}=${it}`).join("\n");
    switches.clear();
    for (const [id, it] of wanted) switches.set(id, it);
  };

  // Writing.
  const quoted = (it) => JSON.stringify(it).replaceAll("\u007f", "\\u007f");
  const bare = (it) => (/^[A-Za-z0-9_-]+$/.test(it) ? it : quoted(it));
  const lines = (id) => by(id).value.split("\n").map((it) => it.trim()).filter(Boolean);
  const written = () => {
    const out = [];
    const target = by("target").value.trim();
    if (target !== "") out.push(`target = ${quoted(target)}`);
    const trusted = lines("trusted");
    if (trusted.length > 0) out.push(`trusted = [${trusted.map(quoted).join(", ")}]`);
    if (by("fail-on").value !== "medium") out.push(`fail-on = ${quoted(by("fail-on").value)}`);
    if (by("unknown").checked) out.push("fail-on-unknown = true");
    if (!by("foreign").checked) out.push("foreign-ignores = false");
    if (by("shell").checked) out.push("shellcheck = true");
    const values = lines("arguments").map((it) => it.split(/=(.*)/s)).filter(([name]) => name.trim());
    if (values.length > 0) out.push("", "[arguments]");
    for (const [name, it = ""] of values) out.push(`${bare(name.trim())} = ${quoted(it)}`);
    const all = rules.filter(({ id }) => switches.has(id));
    for (const id of switches.keys()) if (isCode(id)) all.push({ id });
    if (all.length > 0) out.push("", "[rules]");
    for (const { id } of all) {
      const { on, reason } = switches.get(id);
      const table = `{ ${on ? "on" : "off"} = ${quoted(reason.trim())} }`;
      out.push(`${id} = ${on && reason.trim() === "" ? '"on"' : table}`);
    }
    return `${out.join("\n").trim()}\n`;
  };
  const missing = () => [...switches].filter(([, it]) => !it.on && it.reason.trim() === "").map(([id]) => id);
  const write = () => {
    text.value = written();
    const [first] = missing();
    state.textContent = first ? `${first} is switched off without a reason; it needs one.` : "";
  };
  const take = () => {
    try {
      fill(read(text.value));
      state.textContent = `${switches.size} of ${rules.length} rules are switched by this file.`;
    } catch (error) {
      state.textContent = error.message;
    }
    show();
  };

  // The rules: a few at a time, with what is said of each.
  const MOST = 25;
  const controls = (rule) => {
    const label = document.createElement("label");
    const choice = document.createElement("select");
    const reason = document.createElement("input");
    const none = rule.isOn ? "on, as usual" : "off, as usual";
    for (const [value, name] of [["", none], ["on", "on"], ["off", "off"]]) choice.add(new Option(name, value));
    choice.setAttribute("aria-label", `${rule.id}: on or off`);
    reason.placeholder = "Why";
    reason.setAttribute("aria-label", `${rule.id}: why`);
    const said = switches.get(rule.id);
    choice.value = said ? (said.on ? "on" : "off") : "";
    reason.value = said?.reason ?? "";
    reason.hidden = !said;
    const change = () => {
      reason.hidden = choice.value === "";
      if (choice.value === "") switches.delete(rule.id);
      else switches.set(rule.id, { on: choice.value === "on", reason: reason.value });
      write();
    };
    choice.addEventListener("change", change);
    reason.addEventListener("input", change);
    label.append(choice, reason);
    return label;
  };
  const show = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = MOST;
    let n = 0;
    for (const rule of rules) {
      const fits = words.length > 0 ? words.every((it) => rule.words.includes(it)) : switches.has(rule.id);
      n += Number(fits);
      rule.item.hidden = !fits || left === 0;
      rule.item.querySelector("label")?.remove();
      if (rule.item.hidden) continue;
      left -= 1;
      rule.item.prepend(controls(rule));
    }
    const which = words.length > 0 ? "fit" : "are switched by this file";
    by("count").textContent = n > MOST ? `${n} rules ${which}, ${MOST} of them shown` : `${n} rules ${which}`;
  };

  for (const id of ["target", "trusted", "fail-on", "unknown", "foreign", "shell", "arguments"]) by(id).addEventListener("input", write);
  text.addEventListener("input", take);
  filter.addEventListener("input", show);
  by("open").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    if (!file) return;
    text.value = (await file.text()).slice(0, 200_000);
    take();
  });
  by("copy").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.value);
      state.textContent = "Copied.";
    } catch {
      text.select();
      state.textContent = "The browser did not allow copying; the text is selected.";
    }
  });
  by("save").addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text.value], { type: "text/plain" }));
    link.download = "plimsoll.toml";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    state.textContent = "Saved as plimsoll.toml.";
  });
  take();
  state.textContent = "";
  form.hidden = false;
})();
