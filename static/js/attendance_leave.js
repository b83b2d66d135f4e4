// Signing out clears the pages with names that roll calls have kept on this device. Marks that are still to be sent stay:
// they name nobody, and leave once somebody has signed in again.
(() => {
  "use strict";
  const PATIENCE = 1500;

  async function clear() {
    const names = (await caches.keys()).filter((name) => name.startsWith("attendance:"));
    const registrations = await navigator.serviceWorker.getRegistrations();
    await Promise.all([
      ...names.map((name) => caches.delete(name)),
      ...registrations.filter((one) => new URL(one.scope).pathname.includes("/attendance/")).map((one) => one.unregister()),
    ]);
    for (const key of Object.keys(localStorage)) {
      if (/^roll-call-(state|clock)\|/.test(key)) localStorage.removeItem(key);
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!new URL(form.action, window.location.href).pathname.endsWith("/logout/")) return;
    if (!("serviceWorker" in navigator) || !("caches" in window)) return;
    event.preventDefault();
    const leave = () => form.submit();
    Promise.race([clear(), new Promise((done) => { setTimeout(done, PATIENCE); })]).then(leave, leave);
  });
})();
