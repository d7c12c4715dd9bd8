// Conversations at the desk: the queue, the one that is open, and what is looked up for a reply.
import { addLines, showWhole } from "./dialogue.js";
import { at, desk, el, failed, get, post, swap, tell, word } from "./elements.js";
import { searchBox } from "./search.js";

const PATH = "/desk/handovers";
const box = at("search"), reply = at("reply"), news = at("news");

// `seen` is the number of the last line that was looked at, of each conversation; `drafts` what is
// half written for each.
const here = { mark: "", receiving: false, listed: [], open: 0, last: 0, now: 0, seen: new Map(), drafts: new Map(), known: null, over: false };
let turning = new AbortController();
let sending = null; // what is being sent, with its key: a second try is the same

function lasting(seconds) {
  return seconds < 60 ? word("handovers_seconds") : word("handovers_minutes", { count: Math.floor(seconds / 60) });
}

// --- the list ----------------------------------------------------------------------------------

function current() {
  return here.listed.find((one) => one.id === here.open);
}

function isNew(one) {
  return one.mine && one.last > (here.seen.get(one.id) ?? 0);
}

function personOf(one) {
  const time = lasting(here.now - (one.status === "waiting" ? one.at : one.touched));
  return el("li", {}, el("button", {
    type: "button", class: "person", "aria-current": one.id === here.open ? "true" : false, "data-id": one.id, on: { click: () => open(one.id) },
  },
  el("span", { class: "where" }, `${one.region} · ${one.channel}`),
  el("span", { class: "time" }, one.status === "waiting" ? word("handovers_waits", { time }) : time),
  el("span", { class: "words" }, one.text),
  isNew(one) ? el("span", { class: "tag new" }, word("handovers_new")) : null));
}

function drawList() {
  const focused = document.activeElement?.dataset?.id;
  const waiting = here.listed.filter((one) => one.status === "waiting");
  const mine = here.listed.filter((one) => one.mine);
  const others = here.listed.filter((one) => one.status === "taken" && !one.mine);
  swap(at("waiting"), waiting.map(personOf));
  swap(at("mine"), mine.map(personOf));
  swap(at("others"), others.map((one) => el("li", { class: "other" }, `${one.region} · ${one.channel}　${word("handovers_taken_by", { agent: one.agent })}`)));
  at("waiting-none").hidden = waiting.length > 0;
  at("mine-title").hidden = !mine.length;
  at("others-title").hidden = !others.length;
  if (focused) document.querySelector(`.person[data-id="${focused}"]`)?.focus({ preventScroll: true });
  const count = waiting.length + mine.filter(isNew).length;
  document.title = `${count ? word("handovers_title_count", { count }) : word("handovers_title")} · ${word("brand")}`;
}

function drawSwitch(agents) {
  at("receiving").disabled = false;
  at("receiving").setAttribute("aria-checked", String(here.receiving));
  at("receiving-state").textContent = here.receiving ? `${word("handovers_on")}；${word("handovers_agents", { count: agents })}` : word("handovers_off");
}

function drawTop() {
  const one = current();
  at("blank").hidden = here.open > 0;
  at("dialogue").hidden = here.open === 0;
  at("take").hidden = one?.status !== "waiting";
  for (const id of ["back", "release"]) at(id).hidden = !one?.mine;
  at("reply-form").hidden = !one?.mine && !here.over;
  at("send").disabled = !one?.mine;
  if (one) at("who").textContent = `${one.region} · ${one.channel}`;
}

// --- news --------------------------------------------------------------------------------------

// What came in is said once, politely: who waits anew, and what one's own person wrote.
function announce(listed) {
  if (here.known) {
    const fresh = listed.find((one) => one.status === "waiting" && !here.known.has(one.id));
    const wrote = listed.find((one) => one.mine && one.last > (here.known.get(one.id) ?? Infinity));
    if (fresh) news.textContent = word("handovers_arrived", { region: fresh.region, channel: fresh.channel });
    else if (wrote) news.textContent = word("handovers_wrote", { text: wrote.text });
  }
  here.known = new Map(listed.map((one) => [one.id, one.last]));
}

function arrived(found, asked) {
  const before = current();
  Object.assign(here, { mark: found.mark, receiving: found.receiving, listed: found.listed, now: found.now });
  announce(found.listed);
  drawSwitch(found.agents);
  if (asked === here.open && found.lines.length) {
    addLines(found.lines.filter((one) => one.id > here.last));
    here.last = found.lines.at(-1).id;
  }
  const one = current();
  if (before && !one && here.open && !here.over) {
    here.over = before.mine;
    if (before.mine) tell(word("handovers_over"));
  } else if (before?.status === "waiting" && one?.status === "taken" && !one.mine) {
    tell(word("handovers_lost"));
    leave();
  }
  if (one && document.visibilityState === "visible") here.seen.set(one.id, Math.max(one.last, here.last));
  drawList();
  drawTop();
}

async function listen() {
  let wait = 1;
  for (;;) {
    turning = new AbortController();
    const asked = here.open;
    try {
      const found = await get(`${PATH}/feed`, { mark: here.mark, open: asked || "", after: here.last || "", wait: "20" }, turning.signal);
      arrived(found, asked);
      if (wait > 1) tell("");
      wait = 1;
    } catch (error) {
      if (error.name === "AbortError") continue; // something was changed from here
      if (error.status === 401) return failed(error);
      tell(word("handovers_offline"), true);
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
      wait = Math.min(wait * 2, 10);
    }
  }
}

function again() {
  here.mark = "";
  turning.abort();
}

// --- the open conversation ---------------------------------------------------------------------

async function open(id) {
  if (here.open) here.drafts.set(here.open, reply.value);
  try {
    const whole = await get(`${PATH}/${id}`, {});
    Object.assign(here, { open: id, last: whole.lines.at(-1)?.id ?? 0, over: false });
    reply.value = here.drafts.get(id) ?? "";
    at("reply-state").textContent = "";
    showWhole(whole);
    drawTop();
    (current()?.mine ? reply : at("who")).focus({ preventScroll: true });
    again();
  } catch (error) {
    failed(error);
    again();
  }
}

function leave() {
  Object.assign(here, { open: 0, last: 0, over: false });
  reply.value = "";
}

async function doing(what, done) {
  const id = here.open;
  if (!id) return;
  try {
    await post(`${PATH}/${id}/${what}`, {});
    if (done) tell(word(done));
    if (what !== "take") {
      here.drafts.delete(id);
      leave();
      drawTop();
      at("none").focus();
    } else await open(id);
  } catch (error) {
    failed(error.status === 409 && what === "take" ? new Error(word("handovers_lost")) : error);
  }
  again();
}

async function take() {
  if (current()?.status !== "waiting") return;
  await doing("take", "");
  at("reply-form").hidden = false;
  reply.focus();
}

function fresh() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
}

// The same words of the same conversation keep their key until the server has them.
async function send(event) {
  event?.preventDefault();
  const id = here.open, text = reply.value.trim();
  if (!text || at("send").disabled || sending?.busy) return;
  if (sending?.id !== id || sending?.text !== text) sending = { id, text, key: fresh() };
  sending.busy = true;
  at("reply-state").textContent = word("handovers_sending");
  try {
    await post(`${PATH}/${id}/say`, { text, key: sending.key });
    sending = null;
    here.drafts.delete(id);
    if (here.open === id && reply.value.trim() === text) reply.value = "";
    at("reply-state").textContent = word("handovers_sent");
    again();
  } catch (error) {
    sending.busy = false;
    at("reply-state").textContent = word("handovers_unsent", { why: error.message });
  }
}

// --- looking up --------------------------------------------------------------------------------

function insert(text) {
  const before = reply.value.trimEnd();
  reply.value = [before, text].filter(Boolean).join("\n");
  reply.focus();
  reply.setSelectionRange(reply.value.length, reply.value.length);
  at("reply-state").textContent = word("handovers_inserted");
}

async function insertCard({ kind, id, region }) {
  try {
    insert((await get("/desk/card", { kind, id, region })).copy);
  } catch (error) {
    failed(error);
  }
}

async function insertAnswer(text) {
  try {
    const caller = current()?.place ? { region: current().place } : {};
    insert((await post("/desk/ask", { call: desk.call, text, caller })).reply.text);
  } catch (error) {
    failed(error);
  }
}

searchBox({
  find: (text, signal) => get("/desk/search", { q: text, region: current()?.place || desk.region }, signal),
  idle: () => [],
  options: (found, text) => [
    ...found.map((hit) => ({ title: hit.title, line: hit.line, region: hit.region_name, run: () => insertCard(hit) })),
    { title: word("ask_this", { text }), line: "", region: "", question: text, run: () => insertAnswer(text) },
  ],
  asks: () => true,
  ask: insertAnswer,
  failed,
  help: () => {},
});

// --- keys --------------------------------------------------------------------------------------

function next() {
  const order = [...document.querySelectorAll(".person")].map((one) => Number(one.dataset.id));
  if (order.length) open(order[(order.indexOf(here.open) + 1) % order.length]);
}

function pressed(event) {
  if (event.isComposing || event.keyCode === 229) return;
  const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
  const writing = event.target.matches?.("input, textarea, select");
  if (event.altKey && plain && event.code === "KeyT") {
    event.preventDefault();
    take();
  } else if (event.altKey && plain && event.code === "KeyK") {
    event.preventDefault();
    next();
  } else if (!writing && plain && !event.altKey && event.key === "/") {
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key === "Escape" && !at("reply-form").hidden) {
    reply.focus();
  }
}

async function switched() {
  try {
    await post(`${PATH}/receiving`, { receiving: !here.receiving });
  } catch (error) {
    failed(error);
  }
  again();
}

document.addEventListener("keydown", pressed);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") again(); });
at("receiving").addEventListener("click", switched);
at("take").addEventListener("click", take);
at("back").addEventListener("click", () => doing("back", "handovers_back_done"));
at("release").addEventListener("click", () => doing("release", "handovers_release_done"));
at("reply-form").addEventListener("submit", send);
reply.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) send(event);
});
window.addEventListener("beforeunload", (event) => { if (reply.value.trim()) event.preventDefault(); });
setInterval(() => { if (here.now) { here.now += 15; drawList(); } }, 15000);

drawTop();
listen();
