// Runs before everything else: keeps what the worker says, what is saved and what is copied.
"use strict";
self.plimsollHeard = [];
self.plimsollSaved = [];
self.plimsollCopied = [];
{
  const Real = Worker;
  self.Worker = class extends Real {
    constructor(...all) {
      super(...all);
      this.addEventListener("message", ({ data }) => plimsollHeard.push(String(data)));
    }
  };
  const real = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    if (blob.type !== "text/javascript") plimsollSaved.push(blob.text());
    return real.call(URL, blob);
  };
  const copy = async (text) => { plimsollCopied.push(text); };
  if (navigator.clipboard) navigator.clipboard.writeText = copy;
}
// Everything that can be seen of the page, or that it left somewhere, but for the editor's own text.
self.plimsollSeen = async () => {
  const copy = document.documentElement.cloneNode(true);
  for (const it of copy.querySelectorAll("#input, #mirror")) it.remove();
  const fields = [...document.querySelectorAll("input, textarea, select")].filter((it) => it.id !== "input");
  const kept = [localStorage, sessionStorage].map((it) => JSON.stringify({ ...it }));
  return {
    "the worker": plimsollHeard.join("\n"),
    "what was saved": (await Promise.all(plimsollSaved)).join("\n"),
    "what was copied": plimsollCopied.join("\n"),
    "the document": copy.outerHTML,
    "fields": fields.map((it) => it.value).join("\n"),
    "the address": location.href,
    "the history": JSON.stringify(history.state),
    "the stores": [...kept, document.cookie, self.name].join("\n"),
  };
};
