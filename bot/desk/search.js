// The search box: what is typed is looked up at once, and what is found is opened with the keys.
import { el, swap, word } from "./elements.js";

const box = document.getElementById("search");
const hits = document.getElementById("hits");
const hint = document.getElementById("hint");

// `find` asks the server, `options` makes choices of what it found, `idle` those of an empty box;
// `asks` says whether a question may be asked, `ask` asks it.
export function searchBox({ find, options, idle, asks, ask, failed, help }) {
  const typed = { number: 0, options: [], active: 0, pending: Promise.resolve(), stop: null, opened: null };

  // The latest text wins: what comes back for an earlier one is never shown.
  function look() {
    const number = ++typed.number;
    const text = box.value.trim();
    typed.opened = null;
    typed.stop?.abort();
    if (!text) {
      offer(idle());
      typed.pending = Promise.resolve();
      return;
    }
    typed.stop = new AbortController();
    hits.setAttribute("aria-busy", "true");
    typed.pending = find(text, typed.stop.signal)
      .then((found) => {
        if (number === typed.number) offer(options(found.hits, text));
      })
      .catch((error) => {
        if (number !== typed.number) return;
        offer(options([], text));
        failed(error);
      });
  }

  function offer(found) {
    typed.options = found;
    typed.active = 0;
    swap(hits, found.map((one, index) => el(
      "li", { id: `hit-${index}`, role: "option", "aria-selected": "false", class: one.question ? "question" : "", on: { mousedown: (event) => choose(event, index) } },
      el("span", { class: "title" }, one.title), el("span", { class: "tag soft" }, one.region), el("span", { class: "line" }, one.line))));
    hits.removeAttribute("aria-busy");
    box.setAttribute("aria-expanded", String(found.length > 0));
    mark();
  }

  function choose(event, index) {
    event.preventDefault();
    typed.active = index;
    mark();
    typed.options[index].run();
  }

  function mark() {
    [...hits.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === typed.active)));
    const active = hits.children[typed.active];
    if (active) {
      box.setAttribute("aria-activedescendant", active.id);
      active.scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  }

  // The first Enter opens what is marked, the second one asks what is typed.
  async function enter() {
    const text = box.value.trim();
    await typed.pending; // who types fast presses Enter before anything has come back
    if (box.value.trim() !== text) return;
    if (text && asks() && typed.opened === text) {
      say("");
      await ask(text);
      box.select();
      return;
    }
    const chosen = typed.options[typed.active];
    if (!chosen) return;
    const opens = asks() && !chosen.question;
    await chosen.run();
    if (opens) {
      typed.opened = text;
      say(word("ask_again"));
    }
    if (text) box.select();
  }

  function pressed(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && typed.options.length && !event.altKey) {
      event.preventDefault();
      typed.active = (typed.active + step + typed.options.length) % typed.options.length;
      typed.opened = null;
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (event.ctrlKey && asks() && box.value.trim()) ask(box.value.trim());
      else enter();
    } else if ((event.key === "?" || event.key === "？") && !box.value) {
      event.preventDefault();
      help();
    }
  }

  function say(text) {
    hint.textContent = text || word("search_hint");
  }

  box.addEventListener("input", (event) => {
    if (asks()) say("");
    if (!event.isComposing) look();
  });
  box.addEventListener("compositionend", look);
  box.addEventListener("keydown", pressed);

  return { look, offer, hint: say };
}
