// Reads the files of the site as a browser does, and lists where they could load from elsewhere.
// Called with a list of [path, text]; answers with lines "path: what".
"use strict";
const problems = [];
const isOurs = (value) =>
  /^(data:|#|$)/i.test(value) || !(/^[a-z][a-z0-9+.-]*:/i.test(value) || /^[\/\\]/.test(value));

const checkStyle = (path, text) => {
  const plain = text.replace(/\/\*[^]*?\*\//g, "");
  for (const [whole, inner] of plain.matchAll(/url\(\s*["']?([^"')]*)/gi)) {
    if (!isOurs(inner.trim())) problems.push(`${path}: ${whole}`);
  }
  if (/@import/i.test(plain)) problems.push(`${path}: @import`);
};

const checkScript = (path, text) => {
  // Comments may name places; names of vocabularies look like places.
  const plain = text
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/(^|\s)\/\/.*$/gm, "")
    .replaceAll(/["'`]http:\/\/www\.w3\.org\/[\w\/]+["'`]/g, "''");
  for (const [found] of plain.matchAll(/(\bhttps?:|["'`])\/\/[^\s"'`]+/gi)) {
    problems.push(`${path}: ${found}`);
  }
};

const LOADING = [
  "action", "background", "cite", "classid", "codebase", "data", "formaction", "icon", "longdesc",
  "manifest", "ping", "poster", "profile", "src", "usemap", "xlink:href", "attributionsrc",
];
const checkElement = (path, element) => {
  const complain = (name) => problems.push(`${path}: ${element.cloneNode().outerHTML} ${name}`);
  const tag = element.localName;
  for (const { name, value } of element.attributes) {
    const isLink = name === "href" && !["a", "area"].includes(tag);
    const loads = isLink || (LOADING.includes(name) && !(tag === "object" && name === "name"));
    if (loads && !isOurs(value.trim())) complain(name);
    if (name === "srcset" && value.split(",").some((it) => !isOurs(it.trim()))) complain(name);
    if (name === "style" || name === "srcdoc" || name.startsWith("on")) complain(name);
  }
  if (tag === "base") complain("base");
  if (tag === "meta" && /refresh/i.test(element.httpEquiv)) complain("refresh");
  // The single file has all of it inside, and its policy knows each script by its digest.
  const isInside = path === "plimsoll.html" && tag === "script";
  if (isInside && !element.dataset.packed) checkScript(path, element.textContent);
  if (tag === "script" && !element.hasAttribute("src") && !isInside) complain("inline script");
  if (tag === "style") checkStyle(path, element.textContent);
};

for (const [path, text] of arguments[0]) {
  if (path.endsWith(".css")) checkStyle(path, text);
  else if (path.endsWith(".js")) checkScript(path, text);
  else if (path.endsWith(".html") || path.endsWith(".svg")) {
    const parsed = new DOMParser().parseFromString(text, "text/html");
    for (const element of parsed.querySelectorAll("*")) checkElement(path, element);
  }
}
return problems;
