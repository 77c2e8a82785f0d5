// The search of the companion: filters the list that search-index.js brings. Text only becomes text.
"use strict";
self.plimsollSearchBox = (pages) => {
  const box = document.getElementById("search");
  const query = document.getElementById("query");
  const hits = document.getElementById("hits");
  const found = document.getElementById("found");
  const up = document.documentElement.dataset.up;
  const most = 12;
  box.hidden = false;

  // How well a page fits one word: its names count most, then its title, then the rest.
  const weight = ([, title, names, words], word) => {
    const has = (text) => text.toLowerCase().includes(word);
    if (names.some((name) => name.toLowerCase() === word)) return 100;
    if (title.toLowerCase().startsWith(word)) return 40;
    if (has(title)) return 30;
    if (names.some(has)) return 20;
    return words.includes(word) ? 5 : 0;
  };
  const search = (text) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const rank = (page) => {
      const weights = words.map((word) => weight(page, word));
      return weights.includes(0) ? 0 : weights.reduce((sum, it) => sum + it, 0);
    };
    return pages.map((page) => [rank(page), page]).filter(([it]) => it > 0)
      .sort(([left], [right]) => right - left).map(([, page]) => page);
  };
  const element = (name, text) => {
    const it = document.createElement(name);
    it.textContent = text;
    return it;
  };
  const show = () => {
    const all = search(query.value);
    hits.replaceChildren(...all.slice(0, most).map(([address, title, names]) => {
      const link = element("a", title);
      link.href = up + address;
      if (names.length > 0) link.append(element("small", names.slice(0, 6).join(" \u00b7 ")));
      const item = document.createElement("li");
      item.append(link);
      return item;
    }));
    if (query.value.trim() === "") found.textContent = "";
    else if (all.length > most) found.textContent = `${all.length} pages, the best ${most} shown`;
    else found.textContent = all.length === 1 ? "1 page" : `${all.length} pages`;
  };
  query.addEventListener("input", show);

  const walk = (step) => {
    const stops = [query, ...hits.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    stops[Math.max(0, Math.min(stops.length - 1, at + step))].focus();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") walk(1);
    else if (event.key === "ArrowUp") walk(-1);
    else if (event.key === "Enter" && document.activeElement === query) hits.querySelector("a")?.click();
    else if (event.key === "Escape") {
      query.value = "";
      show();
      query.focus();
    } else return;
    event.preventDefault();
  });
  // From a link, Enter follows it.
  hits.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.stopPropagation();
  });
  document.addEventListener("keydown", (event) => {
    const writes = event.target.closest?.("input, textarea, select");
    if (event.key !== "/" || !box.isConnected || writes || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    query.focus();
  });
};
if (self.plimsollSearch) self.plimsollSearchBox(self.plimsollSearch);
