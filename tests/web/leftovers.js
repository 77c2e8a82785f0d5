// Defines `leftovers()`: a promise of everything a browser keeps for this page beside the document, as
// lines "where: what".
const leftovers = async () => {
  const out = [];
  const put = (where, what) => out.push(`${where}: ${what}`);
  for (const [name, storage] of [["local storage", localStorage], ["session storage", sessionStorage]]) {
    for (let at = 0; at < storage.length; at++) put(name, `${storage.key(at)}=${storage.getItem(storage.key(at))}`);
  }
  put("cookies", document.cookie);
  put("window name", self.name);
  put("history state", JSON.stringify(history.state));
  put("address", location.href);
  const ended = (request) => new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    const database = await ended(indexedDB.open(name));
    put("database", name);
    for (const store of database.objectStoreNames) {
      const all = await ended(database.transaction(store).objectStore(store).getAll());
      put(`database ${name} ${store}`, JSON.stringify(all));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    put("cache", name);
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      put(`cache ${request.url}`, await answer.text());
    }
  }
  const walk = async (folder, path) => {
    for await (const [name, entry] of folder.entries()) {
      if (entry.kind === "directory") await walk(entry, `${path}${name}/`);
      else put(`file ${path}${name}`, await (await entry.getFile()).text());
    }
  };
  await walk(await navigator.storage.getDirectory(), "");
  return out;
};
