// When told, tries every way by which text becomes markup or code; leaves the ways that worked in
// `plimsollWorked`. It runs as the page's own code and on its own time, since drivers' scripts may
// evaluate text, and with them whatever they call.
"use strict";
{
  const ways = {
    innerHTML: () => { document.createElement("p").innerHTML = "<b>x</b>"; },
    outerHTML: () => {
      const inner = document.createElement("p");
      document.createElement("p").append(inner);
      inner.outerHTML = "<b>x</b>";
    },
    insertAdjacentHTML: () => document.createElement("p").insertAdjacentHTML("beforeend", "<b>x</b>"),
    fragment: () => document.createRange().createContextualFragment("<b>x</b>"),
    parser: () => new DOMParser().parseFromString("<b>x</b>", "text/html"),
    write: () => document.write("<b>x</b>"),
    eval: () => (0, eval)("1"),
    function: () => new Function("return 1")(),
    scriptText: () => { document.createElement("script").text = "1"; },
    scriptAddress: () => { document.createElement("script").src = "x.js"; },
    worker: () => new Worker(URL.createObjectURL(new Blob([""]))),
    otherPolicy: () => trustedTypes.createPolicy("other", {}),
    samePolicy: () => trustedTypes.createPolicy("plimsoll", {}),
  };
  const tryAll = () => {
    const worked = [];
    for (const [name, way] of Object.entries(ways)) {
      try {
        way();
        worked.push(name);
      } catch { /* Refused, as it should be. */ }
    }
    self.plimsollWorked = worked;
  };
  addEventListener("plimsoll-try", () => setTimeout(tryAll));
}
