/* Moving items of the running order by pointer, by finger and by key. Comfort only: what is put down here goes through the
   same form as the arrows and the page "Elsewhere", and the server answers with the page as it then is.

   A place is {sitting, room, index} (among the items of that room on that day) or {sitting, room, at} (an hour, in minutes
   after midnight). The hour that is shown is reckoned as the server does: within one day and room the neighbours close up
   and the gaps stay where they are, by order; from elsewhere, what follows makes way. */
(() => {
  "use strict";
  const STEP = 5, FAR = 6, EDGE = 70;
  const says = document.querySelector("[data-order-says]");
  let page = document.querySelector("[data-programme]");
  if (!page || !says) return;
  let held = null; // {item, place, by, pointer…}

  const number = (element, name) => Number(element.dataset[name]);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
  const tell = (text) => {
    says.textContent = "";
    requestAnimationFrame(() => { says.textContent = text; });
  };
  const sittings = () => [...page.querySelectorAll("[data-sitting]")];
  const items = (sitting, room) => [...sitting.querySelectorAll("[data-item]")].filter((one) => one.dataset.room === room);
  const sittingOf = (element) => element.closest("[data-sitting]");
  const gripOf = (item) => item.querySelector("[data-grip]");

  // -- Hours ------------------------------------------------------------------------------------------------------
  const words = (minute) => {
    const [hour, rest] = [Math.floor(minute / 60) % 24, minute % 60];
    const two = String(rest).padStart(2, "0");
    if (page.dataset.language.startsWith("fr")) return `${hour}\u00a0h${rest ? `\u00a0${two}` : ""}`;
    return `${hour % 12 || 12}${rest ? `.${two}` : ""}\u00a0${hour < 12 ? "am" : "pm"}`;
  };
  const clock = (minute) => `${String(Math.floor(minute / 60) % 24).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  const end = (item) => number(item, "start") + number(item, "minutes");
  const isAtHome = (item, place) => place.sitting === sittingOf(item) && place.room === item.dataset.room;

  // When the item would begin at this place.
  const startAt = (item, place) => {
    if (place.at !== undefined) return place.at;
    const row = items(place.sitting, place.room);
    if (isAtHome(item, place)) {
      const here = row.indexOf(item);
      const gaps = row.slice(1).map((later, index) => number(later, "start") - end(row[index]));
      const first = number(row[0], "start");
      row.splice(here, 1);
      row.splice(place.index, 0, item);
      let at = first;
      for (const [index, one] of row.entries()) {
        if (one === item) return at;
        at += number(one, "minutes") + (gaps[index] || 0);
      }
    }
    const others = row.filter((one) => one !== item);
    if (place.index > 0 && others.length) return end(others[Math.min(place.index, others.length) - 1]);
    return others.length ? Math.min(number(others[0], "start"), Math.max(number(place.sitting, "start"), number(others[0], "start"))) : number(place.sitting, "start");
  };
  const placeOf = (item) => {
    const sitting = sittingOf(item);
    return { sitting, room: item.dataset.room, index: items(sitting, item.dataset.room).indexOf(item) };
  };
  const isSame = (item, place) => isAtHome(item, place) && startAt(item, place) === number(item, "start");

  // -- The mark -----------------------------------------------------------------------------------------------------
  const mark = document.createElement("li");
  mark.className = "order__drop";
  mark.setAttribute("aria-hidden", "true");
  mark.append(document.createElement("span"));

  // Where a minute stands in a sitting, in pixels from its top: between the rows of its clock, or at its items in a list.
  const heightOf = (sitting, minute) => {
    const top = sitting.getBoundingClientRect().top;
    const isClock = sitting.classList.contains("order--clock");
    const rows = [...sitting.querySelectorAll("[data-tick]")].filter((tick) => tick.getClientRects().length);
    if (isClock && rows.length) {
      for (const row of rows) {
        const [at, minutes, box] = [number(row, "tick"), number(row, "minutes"), row.getBoundingClientRect()];
        if (minute < at + minutes) return box.top - top + (box.height * Math.max(0, minute - at)) / minutes;
      }
      return rows.at(-1).getBoundingClientRect().bottom - top;
    }
    const next = [...sitting.querySelectorAll("[data-item], [data-gap]")].find((one) => Number(one.dataset.start ?? one.dataset.gap) >= minute);
    return next ? next.getBoundingClientRect().top - top - 4 : sitting.getBoundingClientRect().height;
  };
  // The line goes where the pointer would put the item; at home, a later place is shown below what it passes.
  const lineAt = (item, place, start) => {
    if (place.at === undefined && isAtHome(item, place)) {
      const row = items(place.sitting, place.room);
      const [here, other] = [row.indexOf(item), row[place.index]];
      if (other && other !== item) {
        const [box, top] = [other.getBoundingClientRect(), place.sitting.getBoundingClientRect().top];
        return place.index > here ? box.bottom - top : box.top - top - 2;
      }
    }
    return heightOf(place.sitting, start);
  };
  const show = (item, place) => {
    const start = startAt(item, place);
    const stop = start + number(item, "minutes");
    const isBeyond = stop > number(place.sitting, "stop") || start < number(place.sitting, "start");
    if (mark.parentElement !== place.sitting) place.sitting.append(mark);
    mark.style.top = `${lineAt(item, place, start)}px`;
    mark.classList.toggle("order__drop--beyond", isBeyond);
    mark.firstChild.textContent = fill(isBeyond ? page.dataset.saysOverflow : page.dataset.saysDrop, { begins: words(start), ends: words(stop) });
    return { begins: words(start), ends: words(stop), session: place.sitting.dataset.title, title: item.dataset.title };
  };

  // -- Take, put down, leave ----------------------------------------------------------------------------------------
  const take = (item, by) => {
    held = { item, place: placeOf(item), by };
    item.classList.add("order__item--moving");
    gripOf(item).setAttribute("aria-pressed", "true");
  };
  const release = () => {
    held.item.classList.remove("order__item--moving");
    gripOf(held.item).removeAttribute("aria-pressed");
    document.documentElement.classList.remove("order-moving");
    mark.remove();
    const { item, place } = held;
    held = null;
    return [item, place];
  };
  const leave = () => {
    const [item] = release();
    tell(fill(page.dataset.saysLeft, { title: item.dataset.title }));
  };
  const put = () => {
    const [item, place] = release();
    if (isSame(item, place)) return tell(fill(page.dataset.saysLeft, { title: item.dataset.title }));
    send(item, place);
  };

  const fieldsOf = (item, place) => {
    if (place.at === undefined && isAtHome(item, place)) {
      return { places: place.index - items(place.sitting, place.room).indexOf(item) };
    }
    const start = startAt(item, place);
    const day = new Date(`${place.sitting.dataset.day}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + Math.floor(start / 1440));
    const fields = { session: place.sitting.dataset.session, day: day.toISOString().slice(0, 10), begins: clock(start), room: place.room };
    // Five minutes more or less is meant for this item alone; into a place between others, those make way.
    return place.at === undefined || place.isGap ? { ...fields, follow: "on" } : fields;
  };

  async function send(item, place) {
    const form = item.querySelector("[data-move]");
    const added = [];
    lately = item.id;
    for (const [name, value] of Object.entries(fieldsOf(item, place))) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value: String(value) });
      form.append(field);
      added.push(field);
    }
    if (!(await post(form, item.id))) added.forEach((field) => field.remove());
  }

  // Whether the server took it; what it asks or refuses with a page of its own is shown as such.
  async function post(form, id) {
    page.classList.add("order--saving");
    page.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
      const fresh = answer.status === 422 ? null : new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.status === 422) form.submit();
      else if (!answer.ok || !fresh.querySelector("[data-programme]")) window.location.reload();
      else renew(fresh, id);
      return true;
    } catch (_error) {
      page.classList.remove("order--saving");
      page.removeAttribute("aria-busy");
      tell(page.dataset.saysLost);
      window.alert(page.dataset.saysLost);
      return false;
    }
  }

  // The page as it is now, in place: what is read and where one stands stays.
  const renew = (fresh, id) => {
    page.replaceWith(fresh.querySelector("[data-programme]"));
    page = document.querySelector("[data-programme]");
    const state = fresh.querySelector(".desk-state");
    if (state) document.querySelector(".desk-state").replaceWith(state);
    document.querySelector("main .messages")?.remove();
    const messages = fresh.querySelector("main .messages");
    if (messages) document.querySelector("main").prepend(messages);
    ready();
    const item = document.getElementById(id);
    if (item) gripOf(item).focus({ preventScroll: true });
    if (item) item.scrollIntoView({ block: "nearest" });
    // What happened, and whether it holds.
    const said = [messages, state?.querySelector(".state__sentence")].filter(Boolean);
    if (messages) tell(said.map((one) => one.textContent.trim().replace(/\s+/g, " ")).join(" "));
  };

  // -- By key -------------------------------------------------------------------------------------------------------
  const later = (step) => {
    const { item, place } = held;
    const row = items(place.sitting, place.room);
    const last = row.length - (isAtHome(item, place) ? 1 : 0);
    if (place.at !== undefined) {
      // From an hour back to a place: the first item that begins after it, or the last one before.
      const others = row.filter((one) => one !== item);
      const index = others.filter((one) => number(one, "start") < place.at).length;
      return { sitting: place.sitting, room: place.room, index: Math.max(0, Math.min(others.length, index + (step < 0 ? -1 : 0))) };
    }
    const index = place.index + step;
    return index < 0 || index > last ? null : { ...place, index };
  };
  const elsewhere = (step) => {
    const { item, place } = held;
    const all = sittings();
    const sitting = all[all.indexOf(place.sitting) + step];
    if (!sitting) return null;
    if (sitting === sittingOf(item)) return placeOf(item);
    return { sitting, room: item.dataset.room, index: step > 0 ? 0 : items(sitting, item.dataset.room).length };
  };
  const byFive = (step) => {
    const { item, place } = held;
    const at = startAt(item, place) + step * STEP;
    return at < 0 ? null : { sitting: place.sitting, room: place.room, at };
  };
  const onKey = (event) => {
    const undo = page.querySelector("[data-undo]");
    if (!held && undo && event.key === "z" && (event.ctrlKey || event.metaKey) && event.target.closest?.("[data-grip]")) {
      event.preventDefault();
      undo.requestSubmit();
      return;
    }
    const grip = event.target.closest?.("[data-grip]");
    if (held && held.by !== "keys" && event.key === "Escape") { event.preventDefault(); stop(); return leave(); }
    if (!grip || (held && held.by !== "keys")) return;
    const step = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!held && (event.ctrlKey || event.metaKey)) return;
    if (step) {
      event.preventDefault();
      if (!held) take(grip.closest("[data-item]"), "keys");
      const isAcross = event.key === "ArrowLeft" || event.key === "ArrowRight";
      const place = isAcross ? elsewhere(step) : event.shiftKey ? byFive(step) : later(step);
      if (!place) return tell(page.dataset.saysEdge);
      held.place = place;
      const values = show(held.item, place);
      mark.scrollIntoView({ block: "nearest" });
      tell(fill(page.dataset.saysAt, values));
    } else if (held && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      put();
    } else if (held && event.key === "Escape") {
      event.preventDefault();
      leave();
    } else if (!held && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      take(grip.closest("[data-item]"), "keys");
      tell(fill(page.dataset.saysAt, show(held.item, held.place)));
    }
  };

  // -- By pointer and finger ------------------------------------------------------------------------------------------
  let pointer = null; // {id, x, y, item, from}
  let scrolling = 0;

  const minuteAt = (tick, y) => {
    const box = tick.getBoundingClientRect();
    return number(tick, "tick") + ((y - box.top) / box.height) * number(tick, "minutes");
  };
  // A free stretch takes the item at the hour under the pointer, if it is long enough; else at its beginning.
  const inGap = (gap, sitting, room, y) => {
    const [from, minutes] = [number(gap, "gap"), number(gap, "minutes")];
    const tick = sitting.querySelector(`[data-tick="${from}"]`);
    const isDrawn = tick && tick.getClientRects().length > 0;
    const wanted = isDrawn ? Math.round(minuteAt(tick, y) / STEP) * STEP : from;
    const longest = from + minutes - number(held.item, "minutes");
    return { sitting, room, at: Math.max(from, Math.min(wanted, longest)), isGap: true };
  };
  const placeUnder = (x, y) => {
    const under = document.elementFromPoint(x, y);
    if (!under || !page.contains(under)) return null;
    const sitting = under.closest("[data-sitting]") || under.closest(".sitting")?.querySelector("[data-sitting]");
    if (!sitting) return null;
    const item = under.closest("[data-item]");
    if (item === held.item) return placeOf(item);
    if (item) {
      const room = item.dataset.room;
      const box = item.getBoundingClientRect();
      const isBelow = y > box.top + box.height / 2;
      const row = items(sitting, room);
      const at = row.indexOf(item) + (isBelow ? 1 : 0);
      const here = row.indexOf(held.item);
      return { sitting, room, index: here >= 0 && here < at ? at - 1 : at };
    }
    const own = held.item.dataset.room;
    const gap = under.closest("[data-gap]");
    if (gap) return inGap(gap, sitting, own, y);
    const tick = under.closest("[data-tick]");
    const free = tick && sitting.querySelector(`[data-gap="${tick.dataset.tick}"]`);
    if (free) return inGap(free, sitting, own, y);
    const all = items(sitting, own);
    if (!all.length) return { sitting, room: own, index: 0 };
    return held.place.sitting === sitting ? held.place : { sitting, room: own, index: y < all[0].getBoundingClientRect().top ? 0 : all.length };
  };
  const follow = (event) => {
    if (!pointer || event.pointerId !== pointer.id) return;
    [pointer.nowX, pointer.nowY] = [event.clientX, event.clientY];
    if (!held) {
      if (Math.hypot(event.clientX - pointer.x, event.clientY - pointer.y) < FAR) return;
      take(pointer.item, "pointer");
      document.documentElement.classList.add("order-moving");
      window.getSelection()?.removeAllRanges();
      roll();
    }
    event.preventDefault();
    look();
  };
  const look = () => {
    const place = placeUnder(pointer.nowX, pointer.nowY);
    if (!place) return;
    held.place = place;
    show(held.item, place);
  };
  // Near the edge of the window the page goes on by itself.
  const roll = () => {
    scrolling = requestAnimationFrame(roll);
    if (!held || !pointer) return;
    const y = pointer.nowY;
    const way = y < EDGE ? -(EDGE - y) : y > window.innerHeight - EDGE ? y - (window.innerHeight - EDGE) : 0;
    if (!way) return;
    window.scrollBy(0, way / 5);
    look();
  };
  const stop = () => {
    cancelAnimationFrame(scrolling);
    if (pointer) {
      pointer.from.removeEventListener("pointermove", follow);
      pointer.from.removeEventListener("pointerup", up);
      pointer.from.removeEventListener("pointercancel", cancelled);
      if (pointer.from.hasPointerCapture?.(pointer.id)) pointer.from.releasePointerCapture(pointer.id);
    }
    pointer = null;
  };
  const up = (event) => {
    if (!pointer || event.pointerId !== pointer.id) return;
    const isMoving = held && held.by === "pointer";
    if (isMoving) look();
    stop();
    if (isMoving) put();
  };
  const cancelled = (event) => {
    if (!pointer || event.pointerId !== pointer.id) return;
    stop();
    if (held) leave();
  };
  const down = (event) => {
    const grip = event.target.closest("[data-grip]");
    const item = event.target.closest("[data-item]");
    if (!item || event.button !== 0 || !event.isPrimary || !gripOf(item)) return;
    // A finger scrolls the page unless it is on the handle; a mouse may take the item anywhere but on what can be pressed.
    if (!grip && (event.pointerType !== "mouse" || event.target.closest("a, button, input, select, summary"))) return;
    if (held) leave();
    stop();
    const from = grip || item;
    pointer = { id: event.pointerId, x: event.clientX, y: event.clientY, nowX: event.clientX, nowY: event.clientY, item, from };
    from.setPointerCapture(event.pointerId);
    from.addEventListener("pointermove", follow);
    from.addEventListener("pointerup", up);
    from.addEventListener("pointercancel", cancelled);
  };

  // -- The arrows and the undoing, without leaving the page ------------------------------------------------------------
  let lately = ""; // the item that was moved last
  const pressed = (event) => {
    const undone = event.target.closest?.("[data-undo]");
    if (undone) {
      event.preventDefault();
      event.stopPropagation();
      post(undone, lately);
      return;
    }
    const form = event.target.closest?.("[data-move]");
    const places = Number(event.submitter?.value);
    if (!form || !places) return;
    event.preventDefault();
    event.stopPropagation();
    const item = form.closest("[data-item]");
    const place = placeOf(item);
    send(item, { ...place, index: place.index + places });
  };

  const ready = () => page.querySelectorAll("[data-grip]").forEach((grip) => { grip.hidden = false; });
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", down);
  document.addEventListener("submit", pressed, true);
  document.addEventListener("dragstart", (event) => { if (event.target.closest?.("[data-item]") && pointer) event.preventDefault(); });
  document.addEventListener("focusout", (event) => { if (held?.by === "keys" && event.target === gripOf(held.item)) leave(); });
  ready();
})();
