// The head of the panel and the field below it; what they are made of goes into `parts`.

const headOf = (parts, say, { level, subtitle, elderly, step, clear, close }) => {
  const tool = (label, word, click, more = {}) =>
    make("button", { type: "button", "aria-label": label, click, ...more }, word);
  parts.elderly = tool(say.elderly_label, say.elderly, elderly, { "aria-pressed": "false" });
  parts.smaller = tool(say.smaller_label, say.smaller, () => step(-1), { hidden: true });
  parts.larger = tool(say.larger_label, say.larger, () => step(1), { hidden: true });
  return make("header", {},
    make("div", { class: "name" },
      make(level, { id: "title" }, say.title), make("p", {}, subtitle)),
    make("div", { class: "tools", role: "group", "aria-label": say.tools },
      parts.elderly, parts.smaller, parts.larger, tool(say.clear_label, say.clear, clear)),
    close && tool(say.close, say.close, close, { class: "close" }));
};

const composerOf = (parts, say, { typed, submit, listen }) => {
  parts.input = make("textarea", {
    id: "input", rows: "1", enterkeyhint: "send", autocomplete: "off",
    placeholder: say.placeholder, input: typed,
  });
  parts.listen = make("button", {
    type: "button", class: "listen", hidden: !Recognition, "aria-label": say.listen,
    "aria-pressed": "false", click: listen,
  }, icon(ICONS.listen));
  parts.send = make("button", { type: "submit", class: "send" }, say.send);
  const sent = (event) => {
    event.preventDefault();
    submit();
  };
  return make("form", { class: "composer", submit: sent },
    make("label", { class: "unseen", for: "input" }, say.input),
    parts.input, parts.listen, parts.send);
};
