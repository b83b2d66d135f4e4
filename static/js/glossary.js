// Comfort only: a word of the glossary shows its definition beside it. Without script the link leads to the definition.
(() => {
  "use strict";
  function toggle(event) {
    const link = event.currentTarget;
    const word = document.getElementById(link.hash.slice(1));
    if (!word || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const open = link.getAttribute("aria-expanded") === "true";
    close();
    if (open) return;
    const note = document.createElement("span");
    note.className = "term-note";
    note.id = "term-note";
    note.setAttribute("role", "note");
    const definition = word.querySelector("dd").cloneNode(true);
    for (const back of definition.querySelectorAll(".word__back")) back.remove();
    note.append(...definition.childNodes);
    (link.closest("p, li, td") || link.parentElement).append(note); // below the sentence, not in its midst
    link.setAttribute("aria-expanded", "true");
  }

  function close() {
    document.getElementById("term-note")?.remove();
    for (const link of document.querySelectorAll(".term[aria-expanded=true]")) link.setAttribute("aria-expanded", "false");
  }

  for (const link of document.querySelectorAll("a.term")) {
    link.setAttribute("role", "button");
    link.setAttribute("aria-expanded", "false");
    link.addEventListener("click", toggle);
    link.addEventListener("keydown", (event) => {
      if (event.key === " ") toggle(event);
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
})();
