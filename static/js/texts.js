// Comfort only: the words of a message, with its places at a click and its look while writing.
(() => {
  "use strict";
  const form = document.getElementById("text-form");
  const preview = document.getElementById("text-preview");
  const problems = document.getElementById("text-problems");
  if (!form) return;

  let field = form.querySelector("textarea[data-places]");
  form.addEventListener("focusin", (event) => {
    if ("places" in event.target.dataset) field = event.target;
  });
  for (const button of document.querySelectorAll("[data-insert]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      field.focus();
      field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  if (!preview) return;
  let timer = 0;
  let asked = 0;
  async function refresh() {
    const mine = ++asked;
    const data = new FormData(form);
    data.set("act", "preview");
    try {
      const answer = await fetch(window.location.href, { method: "POST", body: data, headers: { "X-Fragment": "1" }, redirect: "error" });
      if (!answer.ok || mine !== asked) return;
      preview.innerHTML = await answer.text();
      tell();
    } catch {
      // Without an answer the last preview stays, and the button asks again.
    }
  }
  function tell() {
    const told = preview.querySelector(".text-problems");
    problems.replaceChildren(...(told ? [told] : []));
  }
  tell();
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, 500);
  });
})();
