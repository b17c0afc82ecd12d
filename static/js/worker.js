// Answers in the network's place where it fails a page of a quiz: with the shell (offline.js), which holds nothing of anybody. Every
// page goes to the network first, and no page is ever kept here. The script that loads this one (views.worker) names the
// `shell`, its `files`, `more` that some pages need, and the `cache` in which they are, by their content: other files make another
// worker.
const { cache: NAME, shell: SHELL, files: FILES, more: MORE } = self.shell;
const OURS = NAME.slice(0, NAME.lastIndexOf("-") + 1); // of this language
const FAULT = 500; // a server that is too busy or fails is as good as none
let isAway = false; // the last page came from here, and so do its files; those of a page of the network are left to the browser

const fill = async () => {
  const cache = await caches.open(NAME);
  await cache.addAll([new Request(SHELL, { credentials: "omit", cache: "no-cache" }), ...FILES]);
  await self.skipWaiting();
};

const tidy = async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
};

// Those that a page has of its own; the browser has them already, so this loads nothing.
const add = async (scripts) => (await caches.open(NAME)).addAll(MORE.filter((file) => scripts.includes(file)));

const kept = async (address) => (await caches.open(NAME)).match(address, { ignoreVary: true });

const page = async (request) => {
  try {
    const response = await fetch(request);
    isAway = response.status >= FAULT;
    return (isAway && await kept(SHELL)) || response;
  } catch (fault) {
    const shell = await kept(SHELL);
    if (!shell) throw fault;
    isAway = true;
    return shell;
  }
};

const file = async (request) => (await kept(request.url).catch(() => undefined)) ?? fetch(request);

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", (event) => event.waitUntil(add(event.data)));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const isFile = (isAway || !navigator.onLine) && [...FILES, ...MORE].includes(new URL(request.url).pathname);
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (isFile) event.respondWith(file(request));
});
