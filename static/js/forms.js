// Comfort only: every form works without this file.
(() => {
  "use strict";

  // A form that has been sent is not sent again by an impatient second press.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented || form.target === "_blank" || "again" in form.dataset) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    // After this turn of the loop, so that the pressed button's own name and value still travel.
    setTimeout(() => {
      for (const button of form.querySelectorAll("button:not([type=button]), input[type=submit]")) {
        button.setAttribute("aria-disabled", "true");
      }
      if (event.submitter) event.submitter.classList.add("button--sent");
    }, 0);
    // A download answers a form without leaving the page: after a while it may be sent again.
    setTimeout(() => wake(form), 8000);
  });

  function wake(form) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) {
      button.removeAttribute("aria-disabled");
      button.classList.remove("button--sent");
    }
  }
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(wake);
  });

  // The chosen file is named in its zone, and the zone takes the drop.
  for (const zone of document.querySelectorAll(".file-drop")) {
    const input = zone.querySelector("input[type=file]");
    const name = zone.querySelector(".file-drop__name");
    if (!input || !name) continue;
    zone.classList.add("file-drop--script");
    const language = document.documentElement.lang;
    input.addEventListener("change", () => {
      name.textContent = Array.from(input.files, (file) => {
        const [size, unit] = file.size > 1e6 ? [file.size / 1e6, "megabyte"] : [file.size / 1e3, "kilobyte"];
        return `${file.name} (${size.toLocaleString(language, { style: "unit", unit, maximumFractionDigits: 1 })})`;
      }).join(", ");
    });
  }

  // Errors first: a page that comes back with errors puts the reader in front of them.
  const summary = document.querySelector(".error-summary[tabindex]");
  if (summary) summary.focus();
})();
