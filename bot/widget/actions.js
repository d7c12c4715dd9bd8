// What can be done with an answer: have it read, copied, printed; a person; an opinion.

const pressable = (word, click, more = {}) =>
  make("button", { type: "button", click, ...more }, word);

const actionsOf = (turn, tools) => {
  const { say } = tools;
  const { reply } = turn;
  const printable = reply.kind === "answered" && GIVEN.printable.includes(reply.understood?.topic);
  const handed = reply.kind === "handover" || reply.kind === "smalltalk";
  const judged = reply.kind === "answered" || reply.kind === "declined";
  const read = (event) => speakBy(event.currentTarget, told(listed(reply.blocks)), tools);
  return make("div", { class: "actions" },
    make("div", { class: "row" },
      canSpeak && pressable(say.speak, read),
      pressable(say.copy, (event) => tools.copy(written(reply.text), event)),
      printable && sheetOf(reply, tools),
      !handed && pressable(say.person, () => tools.ask(say.person))),
    judged && ratingOf(turn, tools));
};

const sheetOf = (reply, { say, region, language }) => {
  const field = (name, value) => value && make("input", { type: "hidden", name, value });
  return make("form", {
    method: "post", action: new URL("print", BASE).href, target: "_blank", rel: "noopener",
  }, field("session", written(reply.session)), field("region", region),
  field("language", language === HANT && HANT),
  make("button", { "aria-label": say.print_label }, say.print));
};

const ratingOf = (turn, { say, language, turns, keep: kept, notice, announce }) => {
  const box = make("div", { class: "row rating" });
  const settle = () => {
    const thanks = make("p", { tabindex: "-1" }, say.rated);
    box.replaceChildren(thanks);
    return thanks;
  };
  const rate = async (rating, reason) => {
    const body = { session: turn.reply.session, rating, reason: reason || undefined };
    const outcome = await post(new URL("api/v1/feedback", BASE), body, language);
    if (outcome.status !== 204) return notice(outcome.body.detail || say.rate_failed);
    turn.rated = rating;
    kept();
    settle().focus({ preventScroll: true });
    return announce(say.rated);
  };
  const ask = () => {
    box.replaceChildren(...reasonsOf(say, (reason) => rate("down", reason)));
    box.querySelector("button").focus({ preventScroll: true });
    const foot = box.offsetTop + box.offsetHeight + 12 - turns.clientHeight;
    turns.scrollTop = Math.max(turns.scrollTop, foot);
  };
  const thumb = (rating, click) =>
    make("button", { type: "button", click }, icon(ICONS[rating]), say[rating]);
  if (turn.rated) settle();
  else box.append(thumb("up", () => rate("up")), thumb("down", ask));
  return box;
};

const reasonsOf = (say, rate) => {
  const own = make("input", { "aria-label": say.reason, placeholder: say.reason, maxlength: "500" });
  own.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) rate(own.value.trim());
  });
  return [
    make("p", {}, say.why),
    ...say.reasons.split("|").map((reason) => pressable(reason, () => rate(reason))),
    own,
    pressable(say.reason_send, () => rate(own.value.trim())),
  ];
};

const speakBy = (button, text, { say, language }) => {
  const ended = () => {
    button.setAttribute("aria-pressed", "false");
    button.textContent = say.speak;
  };
  if (button.getAttribute("aria-pressed") === "true") return quiet();
  speak(text, language, ended);
  button.setAttribute("aria-pressed", "true");
  button.textContent = say.quiet;
  return undefined;
};

const copyBy = async (button, text, { say, notice, announce }) => {
  const word = button.dataset.word ?? button.textContent;
  const done = await copied(text, button.parentElement);
  button.dataset.word = word;
  button.textContent = done ? say.copied : word;
  announce(done ? say.copied : say.copy_failed);
  if (!done) notice(say.copy_failed);
  setTimeout(() => { button.textContent = word; }, 2500);
};

const copied = async (text, beside) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No leave, or no https: the old way, through a field that holds the text.
    const field = make("textarea", { class: "unseen", readonly: true });
    field.value = text;
    const focused = beside.getRootNode().activeElement;
    beside.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    focused?.focus({ preventScroll: true });
    return done;
  }
};
