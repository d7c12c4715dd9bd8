// The desk: what the keys do, what is searched, what has been opened in this call.
import { choose, forget, known, pinned } from "./caller.js";
import * as cards from "./cards.js";
import { at, desk, el, failed, get, post, swap, tell, word } from "./elements.js";
import { searchBox } from "./search.js";

const box = at("search"), card = at("card");
const trail = at("trail"), note = at("note"), chips = at("context");

const call = { id: desk.call, trail: [], here: -1, comparing: null, number: 0, wanted: 0, begun: Promise.resolve() };

// --- searching ---------------------------------------------------------------------------------

const searching = searchBox({
  find: (text, signal) => get("/desk/search", { q: text, ...known() }, signal),
  idle: () => (call.comparing ? peers() : []),
  options: (found, text) => (call.comparing ? comparable(found) : opening(found, text)),
  asks: () => !call.comparing,
  ask,
  failed,
  help: () => at("help").showModal(),
});

function opening(found, text) {
  const opens = found.map((hit) => ({ title: hit.title, line: hit.line, region: hit.region_name, run: () => open(hit) }));
  return [...opens, { title: word("ask_this", { text }), line: "", region: "", question: text, run: () => ask(text) }];
}

function comparable(found) {
  const { region, id } = call.comparing;
  const seen = new Set([`${region}/${id}`]);
  const fresh = found.filter((hit) => {
    const side = `${hit.region}/${hit.id}`;
    if (hit.kind !== "disease" || seen.has(side)) return false;
    return seen.add(side);
  });
  return fresh.map((hit) => ({
    title: hit.title, line: hit.line, region: hit.region_name, run: () => compare(`${region}/${id}`, `${hit.region}/${hit.id}`),
  }));
}

function peers() {
  return call.comparing.peers.map((peer) => ({ title: peer.label, line: "", region: peer.group, run: () => compare(peer.left, peer.right) }));
}

// --- opening -----------------------------------------------------------------------------------

// What was asked for last is what is shown: an earlier answer that comes later only joins the trail,
// and one for a call that is over is nobody's.
function awaited() {
  const number = call.number;
  const wanted = ++call.wanted;
  return (item) => {
    if (number !== call.number) return;
    if (wanted === call.wanted) show(item);
    else passed(item);
  };
}

async function open(found) {
  const arrive = awaited();
  try {
    const { kind, id, region } = found;
    const data = await get("/desk/card", { kind, id, region, scheme: known().scheme, population: known().population });
    arrive({ shape: data.shape, data, title: data.title, where: data.region_name });
  } catch (error) {
    failed(error);
  }
}

async function ask(text) {
  if (current()?.question === text) return; // Enter was pressed once more
  tell(word("loading"));
  const arrive = awaited();
  const caller = known();
  try {
    await call.begun; // the question of a new caller is not one of the call before
    const data = await post("/desk/ask", { call: call.id, text, caller });
    tell("");
    arrive({ shape: "answer", data, title: text, where: word("answer_label"), question: text });
  } catch (error) {
    failed(error);
  }
}

async function compare(left, right) {
  const arrive = awaited();
  try {
    const data = await get("/desk/compare", { left, right });
    stopComparing();
    arrive({ shape: "compare", data, title: `${data.left} ⇄ ${data.right}`, where: word("compare_label") });
  } catch (error) {
    failed(error);
  }
}

const doing = {
  open,
  ask,
  copy,
  compare: startComparing,
  pin,
  flag: startFlag,
  calculate: () => at("calc-cost") ? at("calc-cost").focus() : tell(word("calc_none"), true),
};

const drawn = {
  disease: (item) => cards.disease(item.data, doing),
  entry: (item) => cards.entry(item.data, doing),
  compare: (item) => cards.comparison(item.data, doing),
  answer: (item) => cards.answer(item.data, item.question, doing),
};

function show(item) {
  const now = call.trail[call.here];
  const again = now && now.shape === item.shape && now.title === item.title && now.where === item.where;
  if (again) call.trail[call.here] = item;
  else {
    call.trail.push(item);
    call.here = call.trail.length - 1;
  }
  draw();
}

function passed(item) {
  call.trail.splice(Math.max(0, call.here), 0, item);
  call.here += 1;
  draw();
}

function draw() {
  const item = call.trail[call.here];
  if (!item) {
    swap(card, el("div", { class: "blank" }, el("h2", { id: "card-title" }, word("card_empty_title")), el("p", {}, word("card_empty"))));
  } else {
    swap(card, drawn[item.shape](item));
    card.scrollTop = 0;
  }
  at("trail-empty").hidden = call.trail.length > 0;
  swap(trail, call.trail.map((one, index) => el("li", {}, el(
    "button", { type: "button", class: "link", "aria-current": index === call.here ? "true" : false, on: { click: () => { call.here = index; draw(); } } },
    one.title, el("span", { class: "tag soft" }, one.where)))));
  trail.children[call.here]?.scrollIntoView({ block: "nearest" });
}

function back() {
  if (call.here > 0) {
    call.here -= 1;
    draw();
  }
}

// --- actions -----------------------------------------------------------------------------------

function current() {
  return call.trail[call.here];
}

function textOf(item) {
  return item.shape === "answer" ? item.data.reply.text : item.data.copy;
}

async function copy() {
  const item = current();
  if (!item) return;
  try {
    await navigator.clipboard.writeText(textOf(item));
    tell(word("copied"));
  } catch {
    tell(word("copy_failed"), true);
  }
}

function startComparing() {
  const item = current();
  if (item?.shape !== "disease") return;
  call.comparing = item.data;
  box.value = "";
  box.focus();
  document.body.classList.add("comparing");
  searching.hint(word("compare_pick", { name: item.data.title }));
  searching.look();
}

function stopComparing() {
  call.comparing = null;
  document.body.classList.remove("comparing");
  searching.hint("");
  searching.offer([]);
}

function pin() {
  const item = current();
  if (item?.shape !== "disease") return;
  pinned(item.data);
  tell(`${word("chip_disease")}：${word("chip_set", { value: item.data.title })}`);
}

function startFlag() {
  const item = current();
  if (!item) return;
  at("flag-of").textContent = word("flag_of", { question: item.title });
  at("flag-wrong").textContent = "";
  at("flag").showModal();
}

async function sendFlag(event) {
  event.preventDefault();
  const item = current();
  const remark = at("remark").value.trim();
  if (!remark) return at("remark").focus();
  const { kind, id, region } = item.data;
  const understood = item.shape === "answer" ? item.data.reply.understood
    : item.shape === "compare" ? { left: item.data.left, right: item.data.right } : { card: { kind, id, region }, caller: known() };
  try {
    const made = await post("/desk/flag", { remark, question: item.title, understood, answer: textOf(item) });
    at("flag").close();
    at("remark").value = "";
    tell(word("flag_sent", { id: made.id }));
  } catch (error) {
    at("flag-wrong").textContent = error.message;
  }
  return undefined;
}

// --- the caller --------------------------------------------------------------------------------

async function chipped(event) {
  choose(event.target.name, event.target.value);
  searching.look();
  const item = current();
  if (item?.shape === "disease" && event.target.name !== "region") await open(item.data);
}

// --- notes and calls ---------------------------------------------------------------------------

async function saveNote() {
  const text = note.value.trim();
  if (!text) return;
  try {
    await post("/desk/note", { text, caller: known() });
    note.value = "";
    at("note-state").textContent = word("note_saved");
  } catch (error) {
    at("note-state").textContent = error.message;
  }
}

function newCall() {
  const confirm = at("confirm");
  confirm.returnValue = "no"; // an Escape leaves it as it was
  if (note.value.trim()) confirm.showModal();
  else begin();
}

async function begin() {
  const over = call.id;
  Object.assign(call, { trail: [], here: -1, number: call.number + 1 });
  forget();
  stopComparing();
  box.value = "";
  note.value = "";
  at("note-state").textContent = "";
  searching.look();
  draw();
  box.focus();
  const made = post("/desk/call", { call: over });
  call.begun = made.then((fresh) => { call.id = fresh.call; }, () => {});
  try {
    await made;
    tell(word("new_call_done"));
  } catch (error) {
    failed(error);
  }
}

// --- keys --------------------------------------------------------------------------------------

const KEYS = {
  KeyC: copy,
  KeyJ: doing.calculate,
  KeyP: startComparing,
  KeyU: pin,
  KeyQ: () => chips.elements.region.focus(),
  KeyR: back,
  KeyO: () => card.focus(),
  KeyM: () => note.focus(),
  KeyW: startFlag,
  KeyN: newCall,
};

function pressed(event) {
  if (event.isComposing || event.keyCode === 229 || document.querySelector("dialog[open]")) return;
  const plain = !event.ctrlKey && !event.metaKey;
  const writing = event.target.matches?.("input, textarea, select");
  if (event.altKey && plain && !event.shiftKey && event.code in KEYS) {
    event.preventDefault();
    KEYS[event.code]();
  } else if (event.key === "Escape") {
    escape();
  } else if (!writing && plain && !event.altKey && event.key === "/") {
    event.preventDefault();
    box.focus();
    box.select();
  } else if (!writing && plain && !event.altKey && (event.key === "?" || event.key === "？")) {
    at("help").showModal();
  }
}

function escape() {
  if (call.comparing) {
    stopComparing();
    tell(word("compare_cancel"));
  } else if (document.activeElement === box) {
    box.value = "";
    searching.look();
  }
  box.focus();
  box.select();
}

document.addEventListener("keydown", pressed);
chips.addEventListener("change", chipped);
chips.addEventListener("submit", (event) => event.preventDefault());
note.addEventListener("input", () => { at("note-state").textContent = note.value.trim() ? word("note_unsaved") : ""; });
note.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.ctrlKey && !event.isComposing) saveNote(); });
at("note-save").addEventListener("click", saveNote);
at("back").addEventListener("click", back);
at("new-call").addEventListener("click", newCall);
at("help-open").addEventListener("click", () => at("help").showModal());
at("flag-form").addEventListener("submit", sendFlag);
at("flag-cancel").addEventListener("click", () => at("flag").close());
at("remark").addEventListener("keydown", (event) => { if (event.key === "Enter" && event.ctrlKey && !event.isComposing) sendFlag(event); });
at("confirm").addEventListener("close", () => { if (at("confirm").returnValue === "yes") begin(); });
window.addEventListener("beforeunload", (event) => { if (note.value.trim()) event.preventDefault(); });

forget();
draw();
box.focus();
if (box.value) searching.look(); // what was typed before this file was here
