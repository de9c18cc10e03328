// Answers of this host that may be kept: static files and the page without a connection. Nothing else is: no price, no
// order, no answer of the interface, no page of anybody. FACTS stands above: made anew by the server for every version.
const CACHE = `shell-${FACTS.version}`;
const HASHED = /\.[0-9a-f]{12}\.[a-z0-9]+$/;

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forget((name) => name !== CACHE).then(() => self.clients.claim())));
self.addEventListener("message", (event) => {
  // A page that was under way while this worker took over was not there to be claimed: it asks again once it stands.
  if (event.data === "fill") event.waitUntil(Promise.all([fillAgain(), self.clients.claim()]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && url.pathname === FACTS.signOut) {
    event.respondWith(signedOut(request));
  } else if (request.method === "GET" && request.mode === "navigate") {
    event.respondWith(page(request));
  } else if (request.method === "GET" && isStatic(url)) {
    event.respondWith(HASHED.test(url.pathname) ? keptFirst(request) : freshFirst(request));
  }
});

function isStatic(url) {
  return url.pathname.startsWith(FACTS.statics) || FACTS.files.includes(url.pathname + url.search);
}

async function fill() {
  const cache = await caches.open(CACHE);
  const wanted = [...FACTS.files, FACTS.offline];
  // Without cookies: what is kept belongs to nobody.
  const answers = await Promise.all(wanted.map((address) => fetch(address, { credentials: "omit", cache: "reload" })));
  // A portal that is away for a moment answers with a page of its own: kept, it would stand for the file for ever.
  const bad = answers.find((answer) => !answer.ok);
  if (bad) throw new Error(`${bad.status} ${bad.url}`);
  await Promise.all(answers.map((answer, at) => cache.put(wanted[at], answer)));
}

async function fillAgain() {
  const cache = await caches.open(CACHE);
  const kept = await Promise.all([...FACTS.files, FACTS.offline].map((address) => cache.match(address)));
  if (!kept.every(Boolean)) await fill();
}

async function forget(isOld) {
  for (const name of await caches.keys()) if (isOld(name)) await caches.delete(name);
}

async function page(request) {
  try {
    const answer = await fetch(request);
    // The portal asks who is there: nobody is signed in, and what belongs to a person goes.
    if (new URL(request.url).pathname === FACTS.signIn) await forgetHeld();
    return answer;
  } catch (failure) {
    const kept = await (await caches.open(CACHE)).match(FACTS.offline);
    if (!kept) throw failure;
    return kept;
  }
}

async function signedOut(request) {
  await forgetHeld(); // first of all: without a connection too
  const answer = await fetch(request);
  await forget(() => true);
  return answer;
}

/** The names and the pad of whoever was here; what waits to be sent stays until it is. */
function forgetHeld() {
  return new Promise((resolve) => {
    const request = indexedDB.open("jiumai-pad");
    request.onupgradeneeded = () => request.transaction.abort(); // nothing is kept: nothing is made
    request.onerror = () => resolve();
    request.onsuccess = () => {
      const base = request.result;
      const names = ["goods", "pads"].filter((name) => base.objectStoreNames.contains(name));
      const work = names.length ? base.transaction(names, "readwrite") : null;
      for (const name of names) work.objectStore(name).clear();
      const done = () => (base.close(), resolve());
      if (work) work.oncomplete = work.onabort = done;
      else done();
    };
  });
}

async function keptFirst(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? keep(cache, request);
}

async function freshFirst(request) {
  const cache = await caches.open(CACHE);
  try {
    return await keep(cache, request);
  } catch (failure) {
    const kept = await cache.match(request, { ignoreVary: true });
    if (!kept) throw failure;
    return kept;
  }
}

async function keep(cache, request) {
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}
