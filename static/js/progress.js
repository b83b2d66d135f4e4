// <div class="progress-region" data-progress-url="…" aria-live="polite">…</div>
// Asks the address for a fragment of HTML and puts it in place, until the fragment holds an element with data-progress-done.
// Then, where the region has data-progress-reload, the page is loaded again. Without script the page offers a link to refresh.
(() => {
  "use strict";
  const PAUSE = 1500;
  const LONGEST = 15000;

  function follow(region) {
    let pause = PAUSE;
    const again = () => setTimeout(ask, pause);

    async function ask() {
      if (document.hidden) {
        document.addEventListener("visibilitychange", ask, { once: true });
        return;
      }
      try {
        const answer = await fetch(region.dataset.progressUrl, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" });
        if (answer.status === 403 || answer.status === 404 || answer.redirected) return;
        if (!answer.ok) throw new Error(String(answer.status));
        region.innerHTML = await answer.text();
        pause = PAUSE;
      } catch {
        pause = Math.min(pause * 2, LONGEST);
        again();
        return;
      }
      if (!region.querySelector("[data-progress-done]")) {
        again();
      } else if ("progressReload" in region.dataset) {
        window.location.reload();
      }
    }
    if (!region.querySelector("[data-progress-done]")) again();
  }

  document.querySelectorAll("[data-progress-url]").forEach(follow);
})();
