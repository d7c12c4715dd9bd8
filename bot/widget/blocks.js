// A reply → elements. Every text is set as text, never as markup; no style attribute is written.

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
};

const icon = (path) => {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(space, "path"));
  svg.firstChild.setAttribute("d", path);
  return svg;
};

const ICONS = {
  talk: "M4 4h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zm3 6a1 1 0 1 0 0 2 1 1 0 0 0 0-2zm5 0a1 1 0 1 0 0 2 1 1 0 0 0 0-2zm5 0a1 1 0 1 0 0 2 1 1 0 0 0 0-2z",
  listen: "M12 15a4 4 0 0 0 4-4V6a4 4 0 0 0-8 0v5a4 4 0 0 0 4 4zm7-4a1 1 0 0 0-2 0 5 5 0 0 1-10 0 1 1 0 0 0-2 0 7 7 0 0 0 6 6.9V21a1 1 0 0 0 2 0v-3.1A7 7 0 0 0 19 11z",
  up: "M2 10h4v11H2zm6 10.2c.6.5 1.4.8 2.2.8h6.5c1.2 0 2.2-.7 2.7-1.7l2.4-5.6c.1-.3.2-.6.2-1V11a2 2 0 0 0-2-2h-5l.8-4.2V4.5c0-.4-.2-.8-.4-1.1L14 2 8.6 8.6a2 2 0 0 0-.6 1.4z",
  down: "M22 14h-4V3h4zM16 3.8C15.4 3.3 14.6 3 13.8 3H7.3C6.1 3 5.1 3.7 4.6 4.7l-2.4 5.6c-.1.3-.2.6-.2 1V13a2 2 0 0 0 2 2h5l-.8 4.2v.3c0 .4.2.8.4 1.1L10 22l5.4-6.6c.4-.4.6-.9.6-1.4z",
};

const filled = (sentence, fields) =>
  sentence.replace(/\{(\w+)\}/g, (blank, name) => String(fields[name] ?? blank));

const listed = (value) => (Array.isArray(value) ? value : []);
const written = (value) => (value == null ? "" : String(value));

// What a block says, as a person would read it out.
const told = (value) => {
  if (Array.isArray(value)) return value.map(told).filter(Boolean).join("\n");
  if (value && typeof value === "object") {
    return told(Object.entries(value).filter(([name]) => name !== "kind").map(([, part]) => part));
  }
  return written(value);
};

const points = (items) => listed(items).map((item) => make("li", {}, written(item)));

// The address of a map, where the deployment or the page names one; never anything but https.
const mapOf = (template, address) => {
  if (!template || !template.includes("{address}")) return null;
  try {
    const url = new URL(template.split("{address}").join(encodeURIComponent(address)));
    return url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
};

const tableOf = (block, say) => {
  const head = listed(block.head).map(written);
  const rows = listed(block.rows).map((row) =>
    make("tr", {}, listed(row).map((cell, column) =>
      column ? make("td", {}, written(cell)) : make("th", { scope: "row" }, written(cell)))));
  return make("div", { class: "table", role: "region", tabindex: "0", "aria-label": say.table },
    make("table", {},
      head.some(Boolean) && make("thead", {},
        make("tr", {}, head.map((cell) => make("th", { scope: "col" }, cell)))),
      make("tbody", {}, rows)));
};

const spotOf = (block, { say, copy, map }) => {
  const address = written(block.address);
  const url = mapOf(map, address);
  return make("div", { class: "spot" },
    make("p", { class: "title" }, written(block.name)),
    make("p", { class: "where" }, address),
    block.online && make("p", {}, written(block.online)),
    block.note && make("p", {}, written(block.note)),
    make("div", { class: "row" },
      make("button", { type: "button", class: "small", click: (event) => copy(address, event) },
        say.copy_address),
      url && make("a", {
        class: "small", href: url, target: "_blank", rel: "noopener noreferrer",
        "aria-label": say.map_label,
      }, say.map)));
};

const blockOf = (block, first, tools) => {
  switch (block?.kind) {
    case "text": {
      const [lead, ...rest] = written(block.text).split("\n");
      return make("p", {}, first ? make("strong", { class: "lead" }, lead) : lead,
        rest.length ? `\n${rest.join("\n")}` : null);
    }
    case "steps":
      return make("div", {}, block.title && make("p", { class: "title" }, written(block.title)),
        make("ol", {}, points(block.items)));
    case "list":
      return make("ul", {}, points(block.items));
    case "table":
      return tableOf(block, tools.say);
    case "place":
      return spotOf(block, tools);
    case "sum": {
      const lines = listed(block.lines).map(written);
      return make("div", { class: "sum" }, lines.map((line, number) =>
        make("p", {}, number === lines.length - 1 ? make("strong", {}, line) : line)));
    }
    default:
      return make("p", {}, told(block));
  }
};

const issuedIn = (issued, say) => {
  const [year, month] = written(issued).split("-");
  return month ? filled(say.month, { year, month: Number(month) }) : filled(say.year, { year });
};

const sourcesOf = (citations, say) => {
  const documents = new Map();
  for (const one of listed(citations)) {
    const known = documents.get(one.source) ?? { one, places: [] };
    if (!known.places.includes(one.place)) known.places.push(one.place);
    documents.set(one.source, known);
  }
  if (!documents.size) return null;
  return make("details", {}, make("summary", {}, say.sources),
    make("ul", {}, [...documents.values()].map(({ one, places }) =>
      make("li", {}, filled(say[`source_${one.authority}`] ?? say.source_media, {
        title: written(one.title),
        issuer: one.issuer ? written(one.issuer) : say.no_issuer,
        issued: issuedIn(one.issued, say),
        place: places.map(written).join(say.and),
      })))));
};
