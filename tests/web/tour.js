// Defines `tour(after)`: uses every control of the page once, also those that appear on the way,
// calls `after` each time, and answers with the names of the controls.
// Links to other pages are left alone: following one is a request that the person asks for.
const CONTROLS = `button, summary, select, input, a[href^="#"], [role=tab], [role=option],
  [role=button], [role=menuitem], [tabindex="0"]`;
const pause = (time) => new Promise((done) => setTimeout(done, time));
const name = (it) => [
  it.localName, it.id, it.type ?? "", it.getAttribute("href") ?? "", it.getAttribute("aria-label") ?? "",
  it.dataset.question ?? "", (it.textContent ?? "").trim().slice(0, 40),
].join("|");

// What shows results comes first; what would replace them comes last.
const rank = (control) => {
  if (control.matches("a[href^='#example'], select")) return 2;
  return control.closest("#findings, #explain, #answers, main") ? 0 : 1;
};

const use = (control) => {
  control.focus();
  if (control.localName === "select") {
    for (let index = 0; index < control.options.length; index++) {
      control.selectedIndex = index;
      control.dispatchEvent(new Event("change", { bubbles: true }));
    }
  } else if (control.localName === "input" && ["text", "search"].includes(control.type)) {
    control.value = "root";
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.value = "";
    control.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (control.type !== "file") {
    control.click();
  }
};

const tour = async (after) => {
  const used = new Set();
  // The browser's own window for paper stops the page until a person closes it.
  self.print = () => {};
  for (let round = 0; round < 300; round++) {
    const unused = [...document.querySelectorAll(CONTROLS)].filter((it) => !used.has(name(it)));
    const [next] = unused.sort((left, right) => rank(left) - rank(right));
    if (!next) break;
    used.add(name(next));
    use(next);
    await pause(30);
    after();
  }
  return [...used];
};
