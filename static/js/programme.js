/* Moving items of the running order: Alt+arrow keys on a focused item, and dragging. Both send the form that the buttons send. */
(() => {
  "use strict";
  const says = document.querySelector("[data-order-says]");
  const move = (item, places) => {
    const form = item.querySelector("[data-move]");
    if (!form || !places) return;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "places";
    field.value = String(places);
    form.append(field);
    sessionStorage.setItem("moved", item.id);
    form.submit();
  };

  for (const list of document.querySelectorAll("[data-order]")) {
    const items = [...list.querySelectorAll("[data-item]")];
    if (!items.some((item) => item.querySelector("[data-move]"))) continue;
    items.forEach((item, at) => {
      item.tabIndex = 0;
      item.addEventListener("keydown", (event) => {
        if (!event.altKey || event.target !== item) return;
        const places = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!places) return;
        event.preventDefault();
        move(item, places);
      });
      item.addEventListener("pointerdown", (event) => {
        if (event.button !== 0 || event.pointerType === "touch" || event.target.closest("a, button, input")) return;
        const start = event.clientY;
        let over = at;
        const follow = (moved) => {
          if (Math.abs(moved.clientY - start) < 8) return;
          item.classList.add("slot--moving");
          over = items.findIndex((other) => moved.clientY < other.getBoundingClientRect().bottom);
          if (over < 0) over = items.length - 1;
          items.forEach((other, index) => other.classList.toggle("slot--target", index === over && index !== at));
        };
        const end = () => {
          document.removeEventListener("pointermove", follow);
          items.forEach((other) => other.classList.remove("slot--moving", "slot--target"));
          if (over !== at) move(item, over - at);
        };
        document.addEventListener("pointermove", follow);
        document.addEventListener("pointerup", end, { once: true });
        event.preventDefault();
        item.focus();
      });
    });
  }

  const moved = document.getElementById(sessionStorage.getItem("moved") || "");
  sessionStorage.removeItem("moved");
  if (moved) {
    moved.focus();
    const done = document.querySelector(".messages");
    if (says && done) says.textContent = done.textContent.trim();
  }
})();
