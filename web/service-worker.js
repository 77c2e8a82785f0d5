// Keeps the whole site on this machine, so that it opens without a network. It listens to nothing
// but its own life and to requests, and hands out the files of its list; whatever else a page asks
// for, it leaves to the browser. It hears no messages, so no page can tell it anything.
"use strict";

// Every file of the site with its digest, and a name that changes with any of them: the build
// writes both.
const FILES = {/* plimsoll:files */};
const VERSION = "plimsoll:version";
// What only some visitors want: kept once somebody has wanted it.
const EXTRA = {/* plimsoll:extra */};

const prefix = `plimsoll ${self.registration.scope} `;
const ours = prefix + VERSION;

// Names like these change with the content: the same name is the same file, in any version.
const HASHED = /-[0-9a-f]{16}\.[a-z]+$/;

// The path of what is asked for, if it may be in the list. A query or another method is none of ours.
const pathOf = ({ method, url }) => {
  const { origin, pathname, search } = new URL(url);
  const scope = new URL(self.registration.scope);
  // The page has two addresses: with the pack for shell scripts and without.
  const isPlain = search === "" || (search === "?shell" && pathname === scope.pathname);
  if (method !== "GET" || origin !== scope.origin || !isPlain) return undefined;
  if (!pathname.startsWith(scope.pathname)) return undefined;
  const path = pathname.slice(scope.pathname.length);
  return path === "" || path.endsWith("/") ? `${path}index.html` : path;
};

const keep = async (cache, path, integrity) => {
  const address = self.registration.scope + path;
  const isHashed = HASHED.test(path);
  const known = isHashed ? await caches.match(address) : undefined;
  if (known) return cache.put(address, known);
  const answer = await fetch(address, {
    integrity,
    credentials: "omit",
    referrerPolicy: "no-referrer",
    cache: isHashed ? "default" : "no-cache",
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  // A host may send on from a page to its folder; a page that is opened must not have been sent on.
  const { body, headers } = answer;
  return cache.put(address, answer.redirected ? new Response(body, { headers }) : answer);
};

// All or nothing: the version before goes on until every file is here and has its digest.
const install = async () => {
  const cache = await caches.open(ours);
  const left = Object.entries(FILES);
  const one = async () => {
    for (let next = left.pop(); next; next = left.pop()) await keep(cache, ...next);
  };
  try {
    await Promise.all([one(), one(), one(), one(), one(), one()]);
    for (const path of Object.keys(EXTRA)) {
      const known = await caches.match(self.registration.scope + path);
      if (known) await cache.put(self.registration.scope + path, known);
    }
  } catch (error) {
    await caches.delete(ours);
    throw error;
  }
  // Pages that are open have loaded all they need, and say themselves that there is a newer version.
  await self.skipWaiting();
};

// One version before this one stays, for pages that are just loading it.
const tidy = async () => {
  const others = (await caches.keys()).filter((it) => it.startsWith(prefix) && it !== ours);
  await Promise.all(others.slice(0, -1).map((it) => caches.delete(it)));
};

const hand = async (path, request) => {
  const address = self.registration.scope + path;
  const own = await (await caches.open(ours)).match(address);
  // The browser may have thrown the copy away; then the site itself is asked for its file.
  const kept = own ?? (HASHED.test(path) ? await caches.match(address) : undefined);
  if (kept) return kept;
  const answer = await fetch(request);
  if (Object.hasOwn(EXTRA, path) && answer.ok) {
    await (await caches.open(ours)).put(address, answer.clone());
  }
  return answer;
};

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const path = pathOf(event.request);
  const isListed = path !== undefined && (Object.hasOwn(FILES, path) || HASHED.test(path));
  if (isListed) event.respondWith(hand(path, event.request));
});
