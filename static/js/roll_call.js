// The roll call without network. Every press becomes a mark with an identifier of its own, kept on the device (one entry
// each, so that two tabs never overwrite one another) until the server says that it holds it. Sending twice changes nothing.
(() => {
  "use strict";
  const roll = document.querySelector("[data-roll]");
  if (!roll) return;
  const HERE = window.location.pathname;
  const MARK = `roll-call|${HERE}|`, SNAPSHOT = `roll-call-state|${HERE}`, DEVICE = "roll-call-device", OFFSET = `roll-call-clock|${HERE}`;
  const BATCH = 50, QUIET = 30000, FIRST_WAIT = 3000, LONGEST_WAIT = 60000;
  const memory = new Map(); // where the browser keeps nothing

  // -- What the device keeps -----------------------------------------------------------------------------------------
  let hasRoom = true;
  const put = (key, value) => {
    try { localStorage.setItem(key, JSON.stringify(value)); } catch { hasRoom = false; memory.set(key, value); }
  };
  const get = (key) => {
    if (memory.has(key)) return memory.get(key);
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  };
  const drop = (key) => {
    memory.delete(key);
    try { localStorage.removeItem(key); } catch { /* kept nothing */ }
  };
  const waiting = () => {
    const keys = new Set(memory.keys());
    try { for (let at = 0; at < localStorage.length; at += 1) keys.add(localStorage.key(at)); } catch { /* kept nothing */ }
    return [...keys].filter((key) => key.startsWith(MARK)).map(get).filter(Boolean).sort((one, other) => one.at.localeCompare(other.at));
  };
  const newId = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
  const forget = async () => {
    drop(SNAPSHOT);
    drop(OFFSET);
    if (!("serviceWorker" in navigator)) return;
    const registration = await navigator.serviceWorker.getRegistration(HERE);
    if (registration && new URL(registration.scope).pathname === HERE) {
      if (registration.active) registration.active.postMessage({ forget: true });
      await caches.delete(`attendance:${HERE}`);
      await registration.unregister();
    }
  };

  const open = roll.dataset.stage === "now" || roll.dataset.stage === "past";
  const line = document.querySelector("[data-roll-state]");
  if (!open && waiting().length === 0) {
    forget();
    return;
  }

  // -- The server's clock --------------------------------------------------------------------------------------------
  // The page says when it was made; each answer says the time again, and the one with the shortest way is believed.
  const navigation = performance.getEntriesByType("navigation")[0];
  const clock = { offset: Number(roll.dataset.now) - (performance.timeOrigin + (navigation ? navigation.responseStart : 0)), way: 2000 };
  const keptClock = get(OFFSET);
  if (keptClock) Object.assign(clock, keptClock);
  else put(OFFSET, clock); // a page that comes out of the device's own store has an old time in it
  const learn = (now, sent, got) => {
    const way = got - sent;
    if (way > clock.way && Math.abs(now - (sent + got) / 2 - clock.offset) < 5 * 60000) return;
    Object.assign(clock, { offset: now - (sent + got) / 2, way });
    put(OFFSET, clock);
  };
  let last = 0;
  const stamp = () => {
    last = Math.max(Math.round(Date.now() + clock.offset), last + 1); // what this device does later stays later
    return new Date(last).toISOString();
  };

  // -- What is shown -------------------------------------------------------------------------------------------------
  const rows = new Map([...roll.querySelectorAll("[data-who]")].map((item) => [item.dataset.who, item]));
  const seats = [...roll.querySelectorAll(".roll__table .seat")];
  const places = [...rows.keys()];
  const signs = new Map([...document.querySelectorAll("[data-look]")].map((sign) => [sign.dataset.look, sign.querySelector(".seat__sign").innerHTML]));
  const page = { at: Number(roll.dataset.now), rows: JSON.parse(document.getElementById("roll-call-state").textContent) };
  const kept = get(SNAPSHOT);
  let known = kept && kept.at > page.at ? kept : page;

  const state = () => {
    const found = new Map(known.rows.map((row) => [row.who, { ...row }]));
    for (const mark of waiting()) {
      const row = found.get(mark.who);
      if (!row) continue;
      if (mark.kind === "signed") row.signed = true;
      else if (mark.kind === "left") row.left = mark.clock;
      else if (mark.kind === "stayed") row.left = "";
      else Object.assign(row, { kind: mark.kind, late: mark.kind === "late" ? mark.clock : "" });
    }
    return found;
  };
  const isHere = (row) => row.kind === "present" || row.kind === "late";

  function show() {
    const now = state();
    let here = 0, absent = 0;
    places.forEach((who, at) => {
      const row = now.get(who);
      if (!row) return;
      here += isHere(row) ? 1 : 0;
      absent += row.kind === "absent" ? 1 : 0;
      const look = isHere(row) ? "present" : row.kind === "absent" ? "absent" : "not-yet";
      showRow(rows.get(who), row, look);
      const seat = seats[at];
      if (seat && !seat.classList.contains(`seat--${look}`)) {
        seat.setAttribute("class", `seat seat--${look}`);
        seat.querySelector(".seat__sign").innerHTML = signs.get(look);
      }
    });
    const figure = roll.querySelector(".round-table__figure");
    if (figure) figure.firstChild.textContent = String(here);
    const counts = document.querySelector("[data-roll-counts]");
    counts.textContent = fill(counts.dataset.words, { here, absent, open: places.length - here - absent });
  }

  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

  const hour = (clock) => (document.documentElement.lang.startsWith("fr") ? clock.replace(/^0?(\d+):/, "$1\u00a0h\u00a0") : clock);

  function showRow(item, row, look) {
    item.className = `roll__row roll__row--${look}`;
    const said = item.querySelector("[data-said]");
    const words = said.dataset;
    const tag = document.createElement("span");
    tag.className = `tag ${look === "present" ? "tag--present" : look === "absent" ? "tag--gone" : ""}`;
    tag.textContent = look === "absent" ? words.absent : look !== "present" ? words.none
      : [row.late ? fill(words.from, { at: hour(row.late) }) : words.present, row.left ? fill(words.left, { at: hour(row.left) }) : ""].filter(Boolean).join(", ");
    const parts = [tag];
    if (row.signed) {
      const signed = document.createElement("span");
      signed.className = "small";
      signed.textContent = ` ✓ ${words.signed}`;
      parts.push(signed);
    }
    said.replaceChildren(...parts);
    for (const button of item.querySelectorAll(".roll__button[name=kind]")) {
      button.setAttribute("aria-pressed", String(button.value === "present" ? isHere(row) : row.kind === button.value));
    }
    const sign = item.querySelector("[data-open-sign]");
    if (sign) sign.hidden = look === "absent";
  }

  let refusal = "", sentAt = "", signedOut = false;
  function tell() {
    const count = waiting().length;
    const words = line.dataset;
    const text = refusal ? fill(words.refused, { why: refusal })
      : !hasRoom ? words.noRoom
      : count && signedOut ? fill(words.signedOut, { count })
      : count && !navigator.onLine ? fill(words.offline, { count })
      : count ? fill(words.waiting, { count })
      : sentAt ? fill(words.sent, { at: sentAt }) : "";
    line.hidden = !text;
    line.dataset.mood = count || refusal || !hasRoom ? "waiting" : "sent";
    const place = line.querySelector("[data-roll-words]");
    if (place.textContent !== text) place.textContent = text;
    line.querySelector("[data-roll-send]").hidden = !count || signedOut;
    line.querySelector("[data-roll-sign-in]").hidden = !signedOut;
    const close = document.querySelector("[data-roll-wait]");
    if (close) close.hidden = !count;
  }

  // -- Sending -------------------------------------------------------------------------------------------------------
  let busy = false, wait = FIRST_WAIT, timer = 0;
  let token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  };

  async function post(marks) {
    const sent = Date.now();
    const answer = await fetch(roll.dataset.sync, {
      method: "POST", credentials: "same-origin", redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ marks, device: device() }),
    });
    return { answer, sent, got: Date.now() };
  }

  // After signing in again in another tab the page's own token is of no use: the page is asked for the new one.
  async function renew() {
    const answer = await fetch(HERE, { credentials: "same-origin", cache: "no-store", headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || answer.redirected) return false;
    const read = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]");
    if (read) token = read.value;
    return Boolean(read);
  }

  async function send() {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    const marks = waiting().slice(0, BATCH);
    try {
      let { answer, sent, got } = await post(marks);
      if (answer.status === 403 && await renew()) ({ answer, sent, got } = await post(marks));
      if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) {
        signedOut = true;
        throw new Error("signed out");
      }
      if (!answer.ok) throw new Error(String(answer.status));
      taken(await answer.json(), marks, sent, got);
      wait = FIRST_WAIT;
      busy = false;
      if (waiting().length) return void send();
      later(QUIET);
    } catch {
      busy = false;
      later(waiting().length ? wait : QUIET);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
    show();
    tell();
  }

  function taken(said, marks, sent, got) {
    signedOut = false;
    learn(said.now, sent, got);
    const whys = Object.values(said.refused);
    if (marks.length) refusal = whys.length ? whys[0] : "";
    for (const uuid of [...said.held, ...Object.keys(said.refused)]) drop(MARK + uuid);
    known = { at: said.now, rows: said.rows };
    put(SNAPSHOT, known);
    sentAt = said.words;
    if (said.closed && open && waiting().length === 0) forget().then(() => window.location.reload());
  }

  function device() {
    let name = get(DEVICE);
    if (!name) {
      name = `#${newId().slice(0, 4)}`;
      put(DEVICE, name);
    }
    return name;
  }

  // -- Noting --------------------------------------------------------------------------------------------------------
  function note(who, kind, more = {}) {
    const mark = { uuid: newId(), who, kind, at: stamp(), ...more };
    put(MARK + mark.uuid, mark);
    refusal = "";
    show();
    tell();
    later(200);
  }

  roll.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!open || !button || button.name !== "kind") return;
    event.preventDefault();
    const fields = new FormData(event.target);
    const kind = button.value, who = String(fields.get("who"));
    const at = String(fields.get("clock") || "");
    if ((kind === "late" || kind === "left") && !at) return event.target.querySelector("[name=clock]").focus();
    if (kind === "signed") {
      const typed = String(fields.get("typed") || "").trim();
      if (!typed) return event.target.querySelector("[name=typed]").focus();
      return sign(who, { typed });
    }
    if (kind === "present" && button.getAttribute("aria-pressed") === "true") return; // an impatient second press
    note(who, kind, kind === "late" || kind === "left" ? { clock: at } : {});
  });

  function sign(who, signature) {
    if (!isHere(state().get(who))) note(who, "present");
    note(who, "signed", signature);
  }

  const dialog = document.querySelector("[data-sign]");
  if (dialog && open && window.SignatureField) {
    const field = new window.SignatureField(dialog.querySelector("[data-sign-field]"));
    const typed = dialog.querySelector("[data-sign-typed]");
    let signer = "";
    for (const item of rows.values()) {
      const button = item.querySelector("[data-open-sign]");
      if (!button) continue;
      button.hidden = false;
      button.addEventListener("click", () => {
        signer = item.dataset.who;
        dialog.querySelector("[data-sign-name]").textContent = item.querySelector("[data-name]").textContent;
        typed.value = "";
        dialog.showModal();
        field.wipe();
      });
    }
    dialog.querySelector("[data-sign-wipe]").addEventListener("click", () => field.wipe());
    const done = () => {
      const name = typed.value.trim();
      if (field.isEmpty && !name) return typed.focus();
      sign(signer, field.isEmpty ? { typed: name } : { strokes: field.strokes });
      dialog.close();
    };
    dialog.querySelector("[data-sign-done]").addEventListener("click", done);
    typed.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        done();
      }
    });
  }

  // The time beside "late" is the time now, until somebody writes another.
  roll.addEventListener("toggle", (event) => {
    const field = event.target.querySelector && event.target.querySelector("input[type=time]");
    if (!field || !event.target.open) return;
    field.value = new Intl.DateTimeFormat("fr-FR", { hour: "2-digit", minute: "2-digit", timeZone: roll.dataset.zone }).format(Date.now() + clock.offset);
  }, true);

  const close = document.querySelector("[data-roll-close]");
  if (close) close.addEventListener("submit", (event) => {
    if (waiting().length) {
      event.preventDefault();
      event.stopPropagation();
      tell();
      send();
    }
  });

  if (line) line.querySelector("[data-roll-send]").addEventListener("click", () => { wait = FIRST_WAIT; send(); });
  window.addEventListener("online", () => { wait = FIRST_WAIT; tell(); later(100); });
  window.addEventListener("offline", tell);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) later(100); });
  window.addEventListener("beforeunload", (event) => { if (memory.size && waiting().length) event.preventDefault(); });

  // -- The page itself, for when there is no network ------------------------------------------------------------------
  async function keepPage() {
    if (!("serviceWorker" in navigator) || !open) return;
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    const registration = await navigator.serviceWorker.register(roll.dataset.worker, { scope: HERE });
    const worker = registration.active || registration.waiting || registration.installing;
    const parts = performance.getEntriesByType("resource").map((entry) => entry.name).filter((name) => /\.(css|js|svg)$/.test(new URL(name).pathname));
    const tellWorker = () => registration.active.postMessage({ keep: [HERE, ...parts] });
    if (worker.state === "activated") return tellWorker();
    worker.addEventListener("statechange", () => { if (worker.state === "activated") tellWorker(); });
  }
  window.addEventListener("load", () => keepPage().catch(() => {}));

  show();
  if (line) tell();
  later(100);
})();
