// <yiwentong-widget>: the conversation as a dialog over any page, or as a page of its own.

const TAG = "yiwentong-widget";
const SCRIPT = document.currentScript ?? document.querySelector("script[src*='widget.js']"); // of a module
const BASE = new URL(".", SCRIPT.src);
const MOST_TURNS = 50; // that are kept for a reload

class YiwentongWidget extends HTMLElement {
  #parts = {};
  #kept = readConversation();
  #size = readSize();
  #delivering = false;
  #regionless = false;
  #awake = () => {};
  #before = null; // what had the focus before the panel was opened
  #listening = null;
  #following = null; // what is waited for from people; aborted where the conversation ends

  connectedCallback() {
    if (!this.shadowRoot) this.#build(this.attachShadow({ mode: "open" }));
    if (this.#kept.people) this.#follow();
    document.addEventListener("focusin", this.#dodge);
    addEventListener("online", this.#online);
    visualViewport?.addEventListener("resize", this.#fit);
  }

  disconnectedCallback() {
    document.removeEventListener("focusin", this.#dodge);
    removeEventListener("online", this.#online);
    visualViewport?.removeEventListener("resize", this.#fit);
    this.#listening?.abort();
    this.#unfollow();
    quiet();
  }

  get #language() {
    return this.dataset.language === HANT ? HANT : "zh-Hans";
  }

  get #say() {
    return SAID[this.#language];
  }

  get #isPage() {
    return this.dataset.mode === "page";
  }

  get #region() {
    return this.#regionless ? undefined : this.dataset.region || undefined;
  }

  // What the parts of an answer need of the conversation.
  get #tools() {
    return {
      say: this.#say,
      language: this.#language,
      region: this.#region,
      map: this.dataset.map || GIVEN.map,
      turns: this.#parts.turns,
      ask: (text) => this.#ask(text),
      copy: (text, event) => copyBy(event.currentTarget, text, this.#tools),
      keep: () => this.#keep(),
      notice: (text) => this.#notice(text),
      announce: (text) => this.#announce(text),
    };
  }

  // --- what a page may call ---

  open() {
    if (this.#isPage || !this.#parts.panel.hidden) return;
    this.#before = document.activeElement;
    this.#show(true);
    this.#parts.input.focus({ preventScroll: true });
    this.#tell("open");
  }

  close() {
    if (this.#isPage || this.#parts.panel.hidden) return;
    quiet();
    this.#show(false);
    const back = this.#before === this || !this.#before?.isConnected || this.#before === document.body;
    (back ? this.#parts.launcher : this.#before).focus({ preventScroll: true });
    this.#tell("close");
  }

  // Opens the panel and asks; the promise holds the reply, or null where none came.
  ask(text) {
    this.open();
    return this.#ask(written(text));
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(`yiwentong:${name}`, { detail, bubbles: true, composed: true }));
  }

  // --- the parts ---

  #build(shadow) {
    const say = this.#say;
    const parts = this.#parts;
    dress(shadow);
    this.replaceChildren(); // the form that stood in for it
    parts.launcher = make("button", {
      type: "button", class: "launcher", "aria-label": say.launcher, "aria-haspopup": "dialog",
      "aria-expanded": "false", click: () => this.open(),
    }, icon(ICONS.talk), make("span", { "aria-hidden": "true" }, say.launcher_word));
    parts.turns = make("div", {
      class: "turns", role: "region", tabindex: "0", "aria-label": say.turns,
    });
    parts.notice = make("div", { class: "notice", role: "status" });
    parts.heard = make("div", { class: "unseen", role: "status" });
    parts.people = make("div", { class: "people", hidden: true });
    parts.panel = make("section", {
      class: "panel", role: this.#isPage ? "region" : "dialog", "aria-labelledby": "title",
      "aria-modal": this.#isPage ? null : "true", keydown: (event) => this.#key(event),
    }, this.#head(say), parts.turns, parts.notice, parts.people, this.#composer(say), parts.heard);
    parts.root = make("div", {
      class: `root ${this.#isPage ? "page" : "float"}`, lang: this.#language,
    }, !this.#isPage && parts.launcher, parts.panel);
    shadow.append(parts.root);
    this.#enlarge(this.#size);
    this.#fill();
    this.#people({ state: this.#kept.people ?? "bot", ahead: this.#kept.ahead });
    this.#show(this.#isPage || this.#kept.open);
    if (this.#kept.pending) this.#deliver();
  }

  #head(say) {
    const region = named(REGIONS[this.#language], this.dataset.region);
    return headOf(this.#parts, say, {
      level: this.#isPage ? "h1" : "h2",
      subtitle: region ? filled(say.subtitle_region, { region }) : say.subtitle,
      elderly: () => this.#enlarge(this.#size ? 0 : SIZES[0]),
      step: (by) => this.#step(by),
      clear: () => this.#clear(),
      close: this.#isPage ? null : () => this.close(),
    });
  }

  #composer(say) {
    const made = composerOf(this.#parts, say, {
      typed: () => this.#keep(),
      submit: () => this.#submit(),
      listen: () => this.#listen(),
    });
    this.#parts.input.value = this.#kept.draft;
    return made;
  }

  #show(open) {
    const { panel, launcher } = this.#parts;
    panel.hidden = !open;
    launcher.hidden = open;
    launcher.setAttribute("aria-expanded", String(open));
    if (open) this.#mark(false);
    this.#kept.open = open;
    this.#keep();
    if (open) this.#scroll(this.#parts.turns.querySelector(".turn:last-of-type"));
  }

  // --- the keyboard ---

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return; // the input method has the key
    if (event.key === "Escape" && !this.#isPage) {
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter" && !event.shiftKey && event.target === this.#parts.input) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Tab" && !this.#isPage) this.#trap(event);
  }

  #trap(event) {
    const all = [...this.#parts.panel.querySelectorAll("a, button, input, textarea, summary, [tabindex='0']")]
      .filter((one) => one.checkVisibility?.() ?? one.offsetParent);
    const edge = event.shiftKey ? all[0] : all.at(-1);
    if (this.shadowRoot.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? all.at(-1) : all[0]).focus();
  }

  // A round button must not lie over what the keyboard has come to on the page.
  #dodge = (event) => {
    const { launcher } = this.#parts;
    if (event.target === this || launcher.hidden) return;
    launcher.style.removeProperty("translate");
    requestAnimationFrame(() => {
      const own = launcher.getBoundingClientRect();
      const other = event.target.getBoundingClientRect();
      const apart = other.bottom < own.top || own.bottom < other.top
        || other.right < own.left || own.right < other.left;
      if (!apart) launcher.style.setProperty("translate", `0 ${Math.max(other.top - 8 - own.bottom, -own.top)}px`);
    });
  };

  #online = () => this.#awake();

  // The room that a keyboard on the screen leaves.
  #fit = () => {
    if (visualViewport.scale === 1) {
      this.#parts.root.style.setProperty("--room", `${visualViewport.height}px`);
    }
  };

  // --- the size of the type ---

  #enlarge(size) {
    const { root, elderly, smaller, larger } = this.#parts;
    this.#size = size;
    root.classList.toggle("elderly", size > 0);
    root.style.setProperty("--type", `${size}px`);
    elderly.setAttribute("aria-pressed", String(size > 0));
    smaller.hidden = larger.hidden = !size;
    smaller.setAttribute("aria-disabled", String(size === SIZES[0]));
    larger.setAttribute("aria-disabled", String(size === SIZES.at(-1)));
    keep("localStorage", SIZE, size || null);
  }

  #step(by) {
    const size = SIZES[SIZES.indexOf(this.#size) + by];
    if (size) this.#enlarge(size);
  }

  // --- the conversation ---

  #keep() {
    const kept = this.#kept;
    kept.draft = this.#parts.input.value;
    kept.turns = kept.turns.slice(-MOST_TURNS);
    keep("sessionStorage", CONVERSATION, kept);
  }

  #clear() {
    quiet();
    this.#part();
    this.#kept = { ...this.#kept, session: null, turns: [], pending: null, people: null, after: 0 };
    this.#awake();
    this.#notice();
    this.#fill();
    this.#keep();
    this.#announce(this.#say.cleared);
    this.#parts.input.focus({ preventScroll: true });
  }

  #fill() {
    const say = this.#say;
    const greeting = make("div", { class: "greeting" },
      make("p", {}, this.dataset.greeting || say.greeting), make("p", {}, say.privacy, " ",
        make("a", { href: new URL("privacy", BASE).href, target: "_blank", rel: "noopener" },
          say.privacy_link)));
    const { turns, pending } = this.#kept;
    this.#parts.turns.replaceChildren(greeting, ...turns.map((turn) => this.#turn(turn)));
    if (pending) this.#parts.turns.append(this.#asking(pending.label));
    if (!turns.length && !pending) {
      const asks = (this.dataset.suggest || say.suggest).split("|").map((one) => one.trim());
      this.#parts.turns.append(this.#choices(say.suggestions,
        asks.filter(Boolean).map((one) => ({ label: one, say: one }))));
    }
    const past = ".turn:not(:last-child)"; // what can only be said of the last answer
    this.#parts.turns.querySelectorAll(`${past} .choices, ${past} .rating`).forEach((one) => one.remove());
  }

  #submit() {
    const { input } = this.#parts;
    const text = input.value.trim();
    if (!text || this.#kept.pending) return;
    input.value = "";
    this.#ask(text);
  }

  async #ask(text, label = text) {
    if (!text.trim() || this.#kept.pending) return null;
    quiet();
    this.#listening?.abort();
    this.#kept.pending = { text: text.trim(), label, key: `${Date.now()}-${Math.random()}`.slice(0, 40) };
    const { turns } = this.#parts;
    const chosen = this.shadowRoot.activeElement?.closest(".choices");
    turns.querySelectorAll(".choices, .rating").forEach((one) => one.remove());
    if (chosen) turns.focus({ preventScroll: true }); // the button that was pressed is gone
    turns.append(this.#asking(label));
    this.#scroll(turns.lastChild);
    this.#keep();
    return this.#deliver();
  }

  async #deliver() {
    if (this.#delivering) return null;
    this.#delivering = true;
    this.#parts.send.setAttribute("aria-disabled", "true");
    const mine = this.#kept.pending;
    let reply = null;
    for (let tries = 0; this.#kept.pending === mine; tries += 1) {
      const { session } = this.#kept;
      const body = { text: mine.text, session: session ?? undefined, region: this.#region, key: mine.key };
      const outcome = await post(new URL("api/v1/ask", BASE), body, this.#language);
      if (this.#kept.pending !== mine) break; // taken back meanwhile
      if (outcome.status === 200) {
        reply = outcome.body;
        this.#answered(mine, reply);
      } else if (!this.#mended(outcome)) {
        if (outcome.status && !BUSY.includes(outcome.status)) this.#refused(outcome);
        else await this.#pause(outcome, waitOf(outcome, tries));
      }
    }
    this.#delivering = false;
    this.#parts.send.removeAttribute("aria-disabled");
    if (this.#kept.pending) this.#deliver(); // asked while the one before was taken back
    return reply;
  }

  // Whether a refusal was about what the page gave, not about the question; then it is asked anew.
  #mended({ status, body }) {
    if (status === 422 && body.key === "session" && this.#kept.session) this.#kept.session = null;
    else if (status === 422 && body.key === "region" && this.#region) {
      console.warn(`${TAG}: ${body.detail}`);
      this.#regionless = true;
    } else return false;
    return true;
  }

  #answered(mine, reply) {
    const turn = { asked: mine.label, reply };
    this.#kept.pending = null;
    this.#kept.session = isText(reply.session) ? reply.session : null;
    this.#kept.turns.push(turn);
    this.#parts.turns.querySelector(".asking")?.remove();
    const shown = this.#turn(turn);
    this.#parts.turns.append(shown);
    this.#notice();
    this.#keep();
    this.#scroll(shown);
    this.#announce(told([reply.blocks, listed(reply.options).map((option) => option.label)]));
    this.#tell("answer", reply);
    if (reply.kind === "handover" || this.#kept.people) this.#follow();
  }

  #refused({ body }) {
    this.#giveBack();
    this.#notice(body.detail || this.#say.failed);
  }

  // The question goes back to where it was typed, before what was typed since.
  #giveBack() {
    const { input, turns } = this.#parts;
    const text = this.#kept.pending?.text;
    this.#kept.pending = null;
    if (text) input.value = [text, input.value].filter(Boolean).join("\n");
    turns.querySelector(".asking")?.remove();
    this.#notice();
    this.#keep();
    input.focus({ preventScroll: true });
  }

  // Waits until it is time, the network is back, or a person says now.
  #pause({ status, body }, seconds) {
    const say = this.#say;
    const left = make("span", { "aria-hidden": "true" });
    const sentence = status ? body.detail || say.busy : say.offline;
    this.#notice(sentence, left,
      make("button", { type: "button", click: () => this.#awake() }, say.again),
      make("button", { type: "button", click: () => { this.#giveBack(); this.#awake(); } }, say.cancel));
    const until = Date.now() + seconds * 1000;
    return new Promise((resolve) => {
      const tick = () => {
        const rest = Math.ceil((until - Date.now()) / 1000);
        left.textContent = filled(say.again_in, { seconds: Math.max(rest, 0) });
        if (rest <= 0) this.#awake();
      };
      const timer = setInterval(tick, 250);
      this.#awake = () => {
        clearInterval(timer);
        this.#awake = () => {};
        resolve();
      };
      tick();
    });
  }

  #notice(...children) {
    const { notice } = this.#parts;
    const focused = notice.contains(this.shadowRoot.activeElement);
    const same = children.length && notice.firstChild?.textContent === children[0];
    if (same) notice.replaceChildren(notice.firstChild, ...children.slice(1)); // not said twice
    else notice.replaceChildren(...(children.length ? [make("p", {}, children[0]), ...children.slice(1)] : []));
    if (focused) (notice.querySelector("button") ?? this.#parts.input).focus({ preventScroll: true });
  }

  #announce(text) {
    this.#parts.heard.textContent = text;
  }

  #scroll(element) {
    const { turns } = this.#parts;
    if (!element) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    turns.scrollTo({ top: element.offsetTop - 12, behavior: calm ? "auto" : "smooth" });
  }

  #asking(label) {
    const say = this.#say;
    return make("article", { class: "turn asking" }, this.#asked(label),
      make("p", { class: "waiting" }, this.#kept.people === "taken" ? say.passing : say.waiting));
  }

  #asked(label) {
    return make("p", { class: "asked" }, make("span", { class: "unseen" }, this.#say.you), label);
  }

  #turn(turn) {
    const say = this.#say;
    if (turn.line) return lineOf(turn.line, say);
    const { reply } = turn;
    if (reply.understood?.topic === RELAYED) {
      return make("article", { class: "turn" }, this.#asked(turn.asked),
        make("p", { class: "passed" }, told(reply.blocks)));
    }
    const tools = this.#tools;
    const blocks = listed(reply.blocks);
    const options = listed(reply.options);
    return make("article", { class: "turn" }, this.#asked(turn.asked),
      make("div", { class: "answer" },
        blocks.map((block, number) => blockOf(block, number === 0, tools)),
        sourcesOf(reply.citations, say),
        options.length ? this.#choices(say.options, options) : null),
      actionsOf(turn, tools));
  }

  #choices(label, options) {
    const choose = (option) => this.#ask(written(option.say), written(option.label));
    return make("div", { class: "choices", role: "group", "aria-label": label },
      make("p", { "aria-hidden": "true" }, label),
      options.map((option) =>
        make("button", { type: "button", click: () => choose(option) }, written(option.label))));
  }

  // --- people ---

  // Reads on what people say for as long as they are in the conversation.
  async #follow() {
    if (this.#following) return;
    const following = new AbortController();
    this.#following = following;
    const { signal } = following;
    for (let failed = 0; !signal.aborted && this.#kept.session;) {
      const found = await news(this.#kept, this.#language, signal);
      if (signal.aborted) return;
      failed = found ? 0 : failed + 1;
      if (found) this.#heard(found);
      if (found?.state === "bot") break;
      if (!found || found.again) await pause(found?.again || Math.min(20, 2 ** failed), signal);
    }
    if (this.#following === following) this.#following = null;
  }

  #unfollow() {
    this.#following?.abort();
    this.#following = null;
  }

  #heard(found) {
    const { turns } = this.#parts;
    const kept = this.#kept;
    kept.people = found.state === "bot" ? null : found.state;
    kept.ahead = found.ahead ?? null;
    kept.after = Math.max(kept.after, found.last);
    const lines = listed(found.events).filter(isLine);
    kept.turns.push(...lines.map((line) => ({ line })));
    const shown = lines.map((line) => lineOf(line, this.#say));
    const asking = turns.querySelector(".asking");
    for (const one of shown) asking ? asking.before(one) : turns.append(one);
    this.#people(found);
    this.#keep();
    if (!shown.length) return;
    this.#scroll(shown[0]);
    this.#announce(lines.map(({ author, text }) => (author === "agent" ? `${this.#say.agent}：${text}` : text)).join(" "));
    this.#mark(this.#parts.panel.hidden);
    this.#tell("people", { state: found.state, lines });
  }

  #people(found) {
    const { people, input } = this.#parts;
    const focused = people.contains(this.shadowRoot.activeElement);
    people.hidden = found.state === "bot";
    people.replaceChildren(...(people.hidden ? [] : barOf(found, this.#say, (text) => this.#ask(text))));
    if (focused) (people.querySelector("button") ?? input).focus({ preventScroll: true });
  }

  // The button tells that something came while the panel was closed.
  #mark(unread) {
    const { launcher } = this.#parts;
    launcher.classList.toggle("unread", unread);
    launcher.setAttribute("aria-label", unread ? `${this.#say.launcher}，${this.#say.unread}` : this.#say.launcher);
  }

  // Who clears the conversation does not leave an agent waiting.
  #part() {
    const { session, people } = this.#kept;
    this.#unfollow();
    this.#people({ state: "bot" });
    if (session && people) {
      post(new URL("api/v1/ask", BASE), { text: GIVEN.sentences.back, session }, this.#language);
    }
  }

  // --- speech input ---

  #listen() {
    const say = this.#say;
    const { input, listen: button } = this.#parts;
    if (this.#listening) return this.#listening.stop();
    const before = input.value;
    this.#notice(say.listening);
    button.setAttribute("aria-pressed", "true");
    const failed = (refused) => this.#notice(refused ? say.listen_refused : say.listen_nothing);
    this.#listening = listen({
      heard: (text) => { input.value = before + text; this.#keep(); },
      failed,
      ended: () => {
        this.#listening = null;
        button.setAttribute("aria-pressed", "false");
        if (input.value !== before) this.#notice();
      },
    });
    return undefined;
  }
}

// The name of a region that a page gives by its id or by its name; none for any other.
const named = (names, given) => {
  const name = isText(names[given]) ? names[given] : given;
  return Object.values(names).includes(name) ? name : "";
};

const dress = (shadow) => {
  if ("adoptedStyleSheets" in shadow) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(GIVEN.style);
    shadow.adoptedStyleSheets = [sheet];
  } else shadow.append(make("style", {}, GIVEN.style)); // browsers before 2023
};

const begin = () => {
  customElements.define(TAG, YiwentongWidget);
  let element = document.querySelector(TAG);
  if (!element) {
    element = document.createElement(TAG);
    Object.assign(element.dataset, SCRIPT.dataset);
    document.body.append(element);
  }
  window.yiwentong = {
    element,
    open: () => element.open(),
    close: () => element.close(),
    ask: (text) => element.ask(text),
  };
};

if (!customElements.get(TAG)) {
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin, { once: true });
}
