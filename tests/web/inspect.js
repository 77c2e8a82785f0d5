// Defines `inspect()`: what in the document now cannot be the page's own doing, one line each.
const ELEMENTS = new Set(`a abbr article aside b bdi body br button caption circle code dd defs del
  details dialog div dl dt em fieldset figcaption figure footer g h1 h2 h3 h4 h5 h6 head header hr
  html i input ins kbd label legend li line link main mark menu meta nav noscript ol optgroup option
  output p path pattern polygon polyline pre progress rect samp script search section select small span
  strong sub summary sup svg symbol table tbody td template text textarea tfoot th thead time title tr ul use
  var wbr`.split(/\s+/));
// Text that directs the reading of other text, and control characters save line ends and tabs.
const INVISIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
// What the page itself sets through the object model: sizes, in numbers.
const OWN_STYLES = [
  ["#scroller", /^(--(rows|columns|digits): \d+; ?)+$/],
  ["#gutter > .rows, #mirror > .rows", /^transform: translateY\(calc\([\w\s().*-]*\)\);$/],
  ["#files > div, #files .rows", /^height: \d+px;$/],
  ["#findings", /^padding-(top|bottom): \d+px; padding-(top|bottom): \d+px;$/],
];
const isOwnStyle = (element, value) =>
  OWN_STYLES.some(([selector, form]) => element.matches(selector) && form.test(value));
const OWN_SCRIPTS = /^(boot|web|injected)-[0-9a-f]+\.js$/;

const inspect = () => {
  const problems = new Set();
  if (self.plimsollHarm) problems.add(`harm: ${self.plimsollHarm}`);
  for (const element of document.querySelectorAll("*")) {
    const tag = element.localName;
    if (!ELEMENTS.has(tag)) problems.add(`element: ${tag}`);
    if (/hostile/.test(element.id)) problems.add(`id: ${tag} ${element.id}`);
    if (tag === "script" && !OWN_SCRIPTS.test(element.getAttribute("src") ?? "")) {
      problems.add(`script: ${element.getAttribute("src")}`);
    }
    for (const { name, value } of element.attributes) {
      if (name === "style" && isOwnStyle(element, value)) continue;
      if (/^on|^style$|^srcdoc$|^formaction$|^ping$/.test(name)) problems.add(`attribute: ${name}`);
      if (INVISIBLE.test(value)) problems.add(`invisible text in ${tag} ${name}`);
      if (name === "href" || name === "src" || name === "action" || name === "xlink:href") {
        checkAddress(problems, element, value);
      }
    }
  }
  // The editor shows the text as it is, or places in it would be wrong.
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const isEditor = node.parentElement.closest("#input, #mirror");
    if (!isEditor && INVISIBLE.test(node.data)) {
      problems.add(`invisible text: ${JSON.stringify(node.data.slice(0, 80))}`);
    }
  }
  return [...problems];
};

const checkAddress = (problems, element, value) => {
  if (value.startsWith("#") || element.localName === "script") return;
  const { protocol, origin } = new URL(value, location.href);
  const isIcon = element.localName === "link" && protocol === "data:";
  const isDownload = element.hasAttribute("download") && ["blob:", "data:"].includes(protocol);
  const isAway = ["http:", "https:"].includes(protocol) && element.localName === "a";
  const rel = element.rel ?? "";
  const isCareful = /noopener/.test(rel) && /noreferrer/.test(rel);
  if (isIcon || isDownload || origin === location.origin || (isAway && isCareful)) return;
  problems.add(`address: ${element.localName} ${value.slice(0, 80)}`);
};
