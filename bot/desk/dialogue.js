// A conversation as the agent reads it: what was said to the bot before, and everything since.
import { el, swap, word } from "./elements.js";

const box = document.getElementById("lines");
const WORDS = { person: "handovers_person", agent: "handovers_agent", bot: "handovers_bot", notice: "handovers_notice" };
const CLOCK = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });

function lineOf({ author, text, at }) {
  const said = el("p", { class: "text" }, text);
  const made = el("article", { class: `uttered ${author}-said` },
    el("p", { class: "head" }, el("span", {}, word(WORDS[author])), el("span", {}, CLOCK.format(at * 1000))), said);
  if (author === "bot") made.addEventListener("click", () => said.classList.toggle("whole"));
  return made;
}

// The end stays in sight, unless somebody reads further up.
function atEnd() {
  return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
}

// What is seen keeps its end where the room for it changes, as when the reply below it grows.
let wasAtEnd = true;
box.addEventListener("scroll", () => { wasAtEnd = atEnd(); });
new ResizeObserver(() => { if (wasAtEnd) box.scrollTop = box.scrollHeight; }).observe(box);

export function showWhole({ before, lines }) {
  const told = before.flatMap(({ at, asked, answered }) => [
    lineOf({ author: "person", text: asked, at }), lineOf({ author: "bot", text: answered, at }),
  ]);
  swap(box,
    told.length ? el("p", { class: "part" }, word("handovers_before")) : null, told,
    el("p", { class: "part" }, word("handovers_after")), lines.map(lineOf));
  box.scrollTop = box.scrollHeight;
}

export function addLines(lines) {
  const follow = atEnd();
  box.append(...lines.map(lineOf));
  if (follow) box.scrollTop = box.scrollHeight;
}
