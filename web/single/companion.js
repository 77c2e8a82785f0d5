// The companion inside the single file: the same pages and the same search as on the site, shown in place of
// the checker. Its addresses stand behind the `#`, so that links, the way back and the history work.
"use strict";
(() => {
  const BEGIN = "#docs/";
  const TAGS = new Set(("h1 h2 h3 h4 p ul ol li dl dt dd div span pre code em strong small a br hr blockquote " +
    "table thead tbody tr th td section label input select option textarea button").split(" "));
  const ATTRIBUTES = /^(?:class|href|rel|tabindex|role|scope|id|type|placeholder|rows|hidden|selected|autocomplete|spellcheck|aria-[a-z]+|data-[a-z]+)$/;
  const READABLE = ["dockerfile", "config", "history", "run"];
  const SIGNS = { amp: "&", lt: "<", gt: ">", quot: '"' };
  const plain = (text) => text.replace(/&(?:#(\d+)|(\w+));/g, (whole, number, name) =>
    number ? String.fromCodePoint(Number(number)) : SIGNS[name] ?? whole);

  // Elements from the markup that the build writes. Whatever it does not know stays text.
  const elements = (html) => {
    const root = document.createDocumentFragment();
    const open = [root];
    for (const [whole, end, tag, attributes] of html.matchAll(/<(\/?)([a-z0-9]+)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>|[^<]+|</g)) {
      if (!TAGS.has(tag)) open.at(-1).append(plain(whole));
      else if (end) open.length > 1 && open.pop();
      else {
        const it = document.createElement(tag);
        for (const [, name, value = ""] of attributes.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)) {
          if (ATTRIBUTES.test(name)) it.setAttribute(name, plain(value));
        }
        open.at(-1).append(it);
        if (!["br", "hr", "input"].includes(tag)) open.push(it);
      }
    }
    return root;
  };
  const make = (name, attributes, ...inside) => {
    const it = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) it.setAttribute(key, value);
    it.append(...inside);
    return it;
  };
  const packed = (text) => {
    const letters = Array.from(new TextEncoder().encode(text), (it) => String.fromCharCode(it));
    return btoa(letters.join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };

  // Links lead to other pages in here, to places of this one, to an example in the checker, or out.
  const point = (main, address) => {
    for (const it of main.querySelectorAll("[id]:not([id^=settings-], [id^=leak])")) it.id = `doc-${it.id}`;
    for (const link of main.querySelectorAll("a")) {
      const to = link.getAttribute("href") ?? "";
      if (link.dataset.texts) link.href = example(link);
      else if (!to.startsWith("https://")) {
        const { pathname, hash } = new URL(to, `file:///${address}`);
        link.href = BEGIN + pathname.slice(1) + hash;
      }
    }
  };
  const example = (link) => {
    const texts = [];
    let it = link.closest(".verdicts");
    while (texts.length < Number(link.dataset.texts) && (it = it.previousElementSibling)) {
      const language = it.getAttribute("aria-label");
      if (it.matches("pre") && READABLE.includes(language)) texts.unshift([language, it.textContent]);
    }
    return `#${texts.map(([language, text]) => `${language === "dockerfile" ? "text" : "beside"}=${packed(text)}`).join("&")}`;
  };

  let view;
  // The rules of the form for settings: each has a page here.
  const rules = (pages) => pages.flatMap(([at, title, names, html]) => {
    const [, id] = /^rules\/(.+)\/index/.exec(at) ?? [];
    if (!id) return [];
    const isOff = html.includes("Only when it is asked for");
    const it = { "data-rule": id, "data-aka": names.join(" "), "data-on": isOff ? "no" : "", hidden: "" };
    const page = make("a", { href: BEGIN + at }, make("code", {}, id));
    return [make("li", it, make("span", {}, page, ` ${title}`))];
  });
  const built = async () => {
    const bytes = await self.plimsollInside("companion.json");
    const pages = JSON.parse(new TextDecoder().decode(bytes));
    const main = make("main", { id: "main-text", tabindex: "-1" });
    const link = (to, text, kind = {}) => make("a", { href: to, ...kind }, text);
    const element = make("section", { id: "companion" },
      make("header", {},
        make("nav", { "aria-label": "Companion" },
          link(`${BEGIN}index.html`, "Plimsoll companion", { class: "wordmark" }),
          link(`${BEGIN}rules/index.html`, "Rules"), link("#", "Checker")),
        make("div", { id: "search", role: "search", hidden: "" },
          make("label", { for: "query" }, "Search"),
          make("input", { id: "query", type: "search", autocomplete: "off", spellcheck: "false", "aria-describedby": "found" }),
          make("p", { id: "found", role: "status" }), make("ul", { id: "hits" }))),
      main);
    return { pages: new Map(pages.map(([address, title, , html]) => [address, { title, html }])), main, element, list: pages };
  };

  const close = () => {
    if (document.body.dataset.docs === undefined) return;
    delete document.body.dataset.docs;
    view.element.remove();
    document.title = view.title;
    document.getElementById("input").focus();
  };
  const show = async () => {
    const { hash } = location;
    if (!hash.startsWith(BEGIN)) return close();
    view ??= built();
    view = await view;
    if (location.hash !== hash) return;
    const [address, anchor] = hash.slice(BEGIN.length).split("#");
    const page = view.pages.get(address) ?? view.pages.get("index.html");
    const { main, element } = view;
    let isNew = false;
    if (main.dataset.address !== address) {
      main.replaceChildren(elements(page.html));
      main.dataset.address = address;
      point(main, address);
      main.querySelector("#settings-rules")?.append(...rules(view.list));
      isNew = true;
    }
    const titleBefore = document.title;
    document.title = `${page.title} \u00b7 Plimsoll`;
    if (!element.isConnected) {
      view.title = titleBefore;
      document.body.dataset.docs = "open";
      document.getElementById("strip").before(element);
      if (!self.plimsollSearch) {
        document.documentElement.dataset.up = BEGIN;
        // All of a page's words are searched here: they are all at hand.
        self.plimsollSearch = view.list.map(([at, title, names, html]) =>
          [at, title, names, plain(html.replace(/<[^>]*>/g, " ")).toLowerCase()]);
        self.plimsollSearchBox(self.plimsollSearch);
      }
    }
    // What such a page does on the site when it is loaded; its elements have to be in the document.
    if (isNew) self.plimsollForms[address]?.();
    const place = anchor && document.getElementById(`doc-${decodeURIComponent(anchor)}`);
    main.focus({ preventScroll: true });
    element.scrollTop = 0;
    (place ?? document.body).scrollIntoView();
  };
  addEventListener("hashchange", show);
  // Keys of the checker mean nothing here.
  document.addEventListener("keydown", (event) => {
    if (document.body.dataset.docs === undefined) return;
    event.stopPropagation();
    if (event.key === "Escape" && !event.defaultPrevented) location.hash = "";
  });
  show();
})();
