// Comfort only: saves a draft a moment after the last key. Without this file the button "Save as a draft" does it.
(() => {
  "use strict";
  const WAIT = 4000; // milliseconds without a key

  function follow(form) {
    const field = form.querySelector("textarea");
    const status = form.querySelector("[data-draft-status]");
    if (!field || !status) return;
    let timer = 0;
    let saved = field.value;
    let running = false;
    let sent = false;

    async function save() {
      clearTimeout(timer);
      if (running || sent || field.value === saved) return;
      running = true;
      const text = field.value;
      const data = new FormData(form);
      data.set("save", "1");
      try {
        const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Fragment": "1" }, redirect: "error" });
        const said = (await answer.text()).trim();
        if (answer.ok) saved = text;
        status.textContent = answer.ok || answer.status === 422 ? said : status.dataset.failed;
      } catch {
        status.textContent = status.dataset.failed;
      }
      running = false;
      if (field.value !== text) timer = setTimeout(save, WAIT);
    }

    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(save, WAIT);
    });
    form.addEventListener("submit", () => {
      sent = true;
      clearTimeout(timer);
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") save();
    });
  }

  document.querySelectorAll("form[data-draft]").forEach(follow);
})();
