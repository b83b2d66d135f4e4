// Comfort only: how plain a text is, measured while it is written. Without this file the button opens a page that says it.
(() => {
  "use strict";
  const WAIT = 700; // milliseconds without a key before the text is sent

  function follow(margin) {
    const { field: id, name, url, language, languageField } = margin.dataset;
    const field = document.getElementById(id);
    const form = field && field.form;
    const token = form && form.elements.csrfmiddlewaretoken;
    if (!token) return false;
    const choice = languageField ? document.getElementById(languageField) : null;
    const status = margin.querySelector("[data-plain-status]");
    const reading = margin.querySelector("[data-plain-reading]");
    const button = margin.querySelector(".plain__button");
    let timer = 0;
    let asked = 0;
    let last = null;

    async function measure() {
      clearTimeout(timer);
      const written = choice ? choice.value : language;
      const key = `${written}:${field.value}`;
      if (key === last) return;
      const mine = ++asked;
      const data = new FormData();
      data.set("csrfmiddlewaretoken", token.value);
      data.set("plain_language", written);
      data.set("plain_field", "text");
      data.set("text", field.value);
      try {
        const answer = await fetch(url, { method: "POST", body: data, headers: { "X-Fragment": "1" }, redirect: "error" });
        if (mine !== asked || !(answer.ok || answer.status === 413)) return;
        show(await answer.text());
        last = key;
      } catch {
        // Without an answer the last reading stays, and the button asks again.
      }
    }

    function show(html) {
      const open = Array.from(reading.querySelectorAll("details"), (part) => part.open);
      const scrolled = reading.querySelector(".plain__preview")?.scrollTop || 0;
      reading.innerHTML = html;
      reading.querySelectorAll("details").forEach((part, number) => {
        if (number < open.length) part.open = open[number];
      });
      const preview = reading.querySelector(".plain__preview");
      if (preview) preview.scrollTop = scrolled;
      const told = reading.querySelector("[data-plain-summary]");
      const words = told ? told.textContent.trim() : "";
      if (status.textContent !== words) status.textContent = words;
    }

    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(measure, WAIT);
    });
    field.addEventListener("focus", () => {
      if (field.value.trim()) measure();
    });
    if (choice) choice.addEventListener("change", measure);
    button.addEventListener("click", (event) => {
      event.preventDefault();
      last = null;
      measure();
    });
    margin.dataset.ready = "1";
    return field.value.trim() ? measure : null;
  }

  const margins = Array.from(document.querySelectorAll("[data-plain]:not([data-ready])"));
  const first = margins.map(follow).filter(Boolean);
  // One editor on the page: read what it holds at once. Several: each when somebody comes to it.
  if (margins.length === 1 && first.length === 1) first[0]();
})();
