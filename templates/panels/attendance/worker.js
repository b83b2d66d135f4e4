// Answers for one half-day's page where the network fails, and for nothing else: its scope is that page's address.
// What it keeps: the page as it was last opened, and the styles and scripts it needs. The page tells it to forget.
"use strict";
const PAGE = new URL(self.registration.scope).pathname;
const KEPT = `attendance:${PAGE}`;
const PATIENCE = 5000;
let over = false; // the half-day is closed: nothing that is still under way may be kept after all

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { keep, forget } = event.data || {};
  if (forget) {
    over = true;
    event.waitUntil(caches.delete(KEPT).then(() => self.registration.unregister()));
  }
  if (Array.isArray(keep)) event.waitUntil(store(keep));
});

async function store(addresses) {
  const cache = await caches.open(KEPT);
  await Promise.all(addresses.map(async (address) => {
    const url = new URL(address, self.location.origin);
    if (url.origin !== self.location.origin) return;
    try {
      const answer = await fetch(url, { credentials: "same-origin" });
      if (answer.ok && !answer.redirected && !over) await cache.put(url, answer);
    } catch {
      // Without network now: what was kept before stays.
    }
  }));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(page(request));
  else if (request.mode !== "navigate" && /\.(css|js|svg)$/.test(url.pathname)) event.respondWith(part(request));
});

async function page(request) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  let answer;
  try {
    answer = await fetch(request, { signal: stop.signal });
  } catch {
    answer = null;
  } finally {
    clearTimeout(timer);
  }
  const cache = await caches.open(KEPT);
  if (answer && answer.status < 500) {
    if (answer.ok && answer.headers.get("X-Roll-Call") === "open") {
      over = false;
      await cache.put(PAGE, answer.clone());
    } else if (answer.type !== "opaqueredirect") {
      over = true;
      await caches.delete(KEPT);
    }
    return answer;
  }
  return (await cache.match(PAGE)) || answer || Response.error();
}

async function part(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok && !over) await (await caches.open(KEPT)).put(request, answer.clone());
    if (over) await caches.delete(KEPT);
    return answer;
  } catch {
    return (await caches.match(request, { cacheName: KEPT })) || Response.error();
  }
}
