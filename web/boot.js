// Stands in for the page until it is there: an airlock, a worker, and one finding.
"use strict";
(async () => {
  const assets = JSON.parse(document.querySelector('meta[name="plimsoll-assets"]').content);
  const get = async (name) => (await fetch(assets[name].url, assets[name])).text();
  const worker = await get("worker.js");
  const policy = trustedTypes.createPolicy("plimsoll", { createScriptURL: (url) => url });
  const status = document.querySelector("#status");
  const lock = document.createElement("meta");
  lock.httpEquiv = "Content-Security-Policy";
  lock.content = "default-src 'none'; script-src 'wasm-unsafe-eval'; img-src data: blob:; worker-src blob:";
  document.head.append(lock);
  status.dataset.airlock = "closed";
  const source = worker + ";onmessage = ({ data }) => postMessage(data.split('\\n').filter(it => /^USER/.test(it)));";
  const port = new Worker(policy.createScriptURL(URL.createObjectURL(new Blob([source]))));
  const input = document.querySelector("#input");
  port.onmessage = ({ data }) => {
    document.querySelector("#findings").replaceChildren(...data.map((line) => {
      const item = document.createElement("li");
      item.dataset.rule = "runs-as-root";
      item.textContent = line.replace(/\p{C}/gu, "\u{fffd}");
      return item;
    }));
  };
  input.oninput = () => port.postMessage(input.value);
  input.oninput();
  const take = async (files) => {
    for (const file of files) input.value = await file.text();
    input.oninput();
  };
  document.querySelector("#open").onchange = (event) => take(event.target.files);
  document.ondragover = (event) => event.preventDefault();
  document.ondrop = (event) => {
    event.preventDefault();
    take(event.dataTransfer.files);
  };
  status.dataset.engine = "ready";
  document.body.dataset.ready = "true";
})();
