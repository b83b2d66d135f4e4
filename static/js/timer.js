/* The speaker's timer. Everything it needs is in the page: the network may go. Without script the list of items remains. */
(() => {
  "use strict";
  const box = document.querySelector("[data-timer]");
  const turns = [...document.querySelectorAll("[data-seconds]")].map((item) => ({
    item, seconds: Number(item.dataset.seconds), who: item.dataset.name, what: item.dataset.title,
  }));
  if (!box || !turns.length) return;

  const part = (name) => box.querySelector(`[data-${name}]`);
  const WARN = 120;
  let at = 0, left = 0, endsAt = null, said = "";

  const clock = (seconds) => {
    const whole = Math.abs(seconds);
    const sign = seconds < 0 ? "+" : "";
    return `${sign}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  };
  const remaining = () => (endsAt === null ? left : Math.ceil((endsAt - Date.now()) / 1000));

  const say = (words) => {
    if (words !== said) { part("state").textContent = words; said = words; }
  };

  const show = () => {
    const seconds = remaining();
    part("clock").textContent = clock(seconds);
    const running = endsAt !== null;
    const mood = seconds <= 0 ? "over" : seconds <= WARN && turns[at].seconds > WARN ? "last" : running ? "running" : "waiting";
    box.dataset.mood = mood;
    part("go").textContent = running ? box.dataset.pauseLabel : box.dataset.startLabel;
    if (mood === "over") say(box.dataset.over);
    else if (mood === "last") say(box.dataset.last);
    else if (!running) say(left === turns[at].seconds ? box.dataset.ready : box.dataset.pause);
    else say(box.dataset.left.replace("{minutes}", String(Math.ceil(seconds / 60))));
  };

  const choose = (number) => {
    at = Math.max(0, Math.min(turns.length - 1, number));
    left = turns[at].seconds;
    endsAt = null;
    part("who").textContent = turns[at].who || turns[at].what;
    part("what").textContent = turns[at].who ? turns[at].what : "";
    const next = turns[at + 1];
    part("next").textContent = next ? `${part("next").dataset.word} ${[next.what, next.who].filter(Boolean).join(" · ")}` : "";
    turns.forEach((turn, index) => turn.item.toggleAttribute("aria-current", index === at));
    show();
  };

  const go = () => {
    if (endsAt === null) endsAt = Date.now() + left * 1000;
    else { left = remaining(); endsAt = null; }
    show();
  };
  const add = (seconds) => {
    if (endsAt === null) left += seconds; else endsAt += seconds * 1000;
    show();
  };

  box.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("go" in button.dataset) go();
    if (button.dataset.step) choose(at + Number(button.dataset.step));
    if (button.dataset.add) add(Number(button.dataset.add));
    if ("again" in button.dataset) choose(at);
  });
  turns.forEach((turn, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "timer__pick";
    button.append(...turn.item.childNodes);
    button.addEventListener("click", () => choose(index));
    turn.item.append(button);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onButton = event.target.closest("button, a, summary");
    if (event.key === " " && !onButton) { event.preventDefault(); go(); }
    if (event.key === "ArrowRight") choose(at + 1);
    if (event.key === "ArrowLeft") choose(at - 1);
    if (event.key === "+") add(60);
  });

  box.hidden = false;
  document.querySelector("[data-list]").open = false;
  choose(0);
  setInterval(() => { if (endsAt !== null) show(); }, 250);
})();
