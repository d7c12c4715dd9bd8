// What is shown on the right: cards, comparisons, answers, calculations.
import { desk, el, key, post, swap, word } from "./elements.js";

function titled(name, ...children) {
  return el("section", { class: "part" }, el("h3", {}, word(name)), ...children);
}

function list(items, kind = "ul") {
  return el(kind, {}, items.map((item) => el("li", {}, item)));
}

function head(title, name, group, region, actions, documents = []) {
  return el(
    "div", { class: "head" },
    el("p", { class: "where" }, el("span", { class: "tag" }, region), el("span", { class: "tag soft" }, group)),
    el("div", { class: "actions", role: "group" }, actions),
    el("h2", { id: "card-title" }, title),
    name && name !== title ? el("p", { class: "full" }, name) : null,
    documents.map((one) => el("p", { class: "hint" }, one)));
}

function action(name, keys, run) {
  const letter = keys.slice(-1);
  return el("button", { type: "button", "aria-keyshortcuts": `Alt+${letter}`, on: { click: run } }, word(`action_${name}`), " ", key(keys));
}

function actions(doing, names) {
  const keys = { copy: "Alt C", calculate: "Alt J", compare: "Alt P", pin: "Alt U", flag: "Alt W" };
  return names.map((name) => action(name, keys[name], doing[name]));
}

function script(lines) {
  return el("section", { class: "part script" }, el("h3", {}, word("script_label")), lines.map((line) => el("p", {}, line)));
}

function sure(label) {
  const kind = { [word("certainty_stated")]: "stated", [word("certainty_merged")]: "merged" }[label] || "ambiguous";
  return el("span", { class: `sure ${kind}` }, label);
}

function column(one, none) {
  const who = [el("span", { class: "who" }, one.who), el("span", { class: "people" }, [one.people, one.ages].filter(Boolean).join("　"))];
  if (one.mine) who.push(el("span", { class: "tag caller" }, word("mine")));
  if (!one.offered) return el("div", { class: `column none${one.mine ? " mine" : ""}` }, el("h3", {}, who), el("p", { class: "figure" }, none));
  const rates = one.shares.map((share) => el("p", { class: "share" }, el("span", { class: "figure" }, share.percent), share.reach ? el("span", { class: "reach" }, share.reach) : null));
  const unsettled = one.open.map((open) => el("div", { class: "open" }, el("p", {}, open.text), open.row ? el("p", { class: "row-printed" }, el("b", {}, word("open_row")), open.row) : null));
  return el(
    "div", { class: `column${one.mine ? " mine" : ""}` },
    el("h3", {}, who),
    el("dl", {},
      el("dt", {}, word("fact_limit"), " ", sure(one.limit_certainty)),
      el("dd", {}, el("span", { class: "figure" }, one.limit), one.limit_note ? el("span", { class: "reach" }, one.limit_note) : null),
      el("dt", {}, word("fact_rate"), " ", sure(one.rate_certainty)),
      el("dd", {}, rates.length ? rates : el("span", { class: "figure unsettled" }, word("certainty_ambiguous"))),
      one.deductible ? [el("dt", {}, word("fact_deductible")), el("dd", {}, el("span", { class: "figure small" }, one.deductible), el("span", { class: "reach" }, one.period))] : []),
    unsettled);
}

function proofs(card) {
  const names = ["fact", "place", "row", "words", "certainty"];
  return el(
    "section", { class: "part proof" },
    el("h3", {}, word("proof_label"), card.documents.map((one) => el("span", { class: "document" }, one))),
    el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": word("proof_label") },
      el("table", {},
        el("thead", {}, el("tr", {}, names.map((name) => el("th", { scope: "col" }, word(`proof_${name}`))))),
        el("tbody", {}, card.proofs.map((one) => el("tr", {}, names.map((name) => el("td", {}, name === "certainty" ? sure(one[name]) : one[name]))))))),
    el("p", { class: "hint" }, word("as_of", { day: card.day }), card.old ? `　${card.old}` : ""));
}

function links(found, open) {
  return el("ul", { class: "links" }, found.map((one) => el("li", {},
    el("button", { type: "button", class: "link", on: { click: () => open(one) } }, one.title),
    one.line ? el("span", {}, one.line) : null)));
}

export function disease(card, doing) {
  const twins = card.twins.map((twin) => el("div", { class: "warn" },
    el("p", {}, el("b", {}, twin.warning), " ", el("button", { type: "button", class: "link", on: { click: () => doing.open(twin.link) } }, word("twin_open"))),
    twin.lines.map((line) => el("p", {}, line))));
  return [
    head(card.title, card.name, card.group, card.region_name, actions(doing, ["copy", "calculate", "compare", "pin", "flag"]), card.documents),
    card.columns.length ? el("div", { class: "columns" }, card.columns.map((one) => column(one, card.none_word))) : null,
    card.absent.length ? el("div", { class: "absent" }, card.absent.map((line) => el("p", {}, line))) : null,
    el("div", { class: "halves" },
      el("div", {},
        script(card.script),
        card.columns.some((one) => one.reckons) ? calculator(card) : null),
      el("div", {},
        twins,
        card.conditions.length ? titled("conditions_label", list(card.conditions)) : null,
        card.members ? titled("fact_definition", el("p", {}, card.members)) : null,
        card.cliffs.length ? titled("cliffs_label", list(card.cliffs)) : null,
        card.related.length ? titled("related_label", links(card.related, doing.open)) : null)),
    proofs(card),
  ];
}

export function entry(card, doing) {
  const fields = card.fields.map((field) => [el("dt", {}, field.label), el("dd", {}, field.value)]);
  const place = card.kind === "office";
  return [
    head(card.title, "", card.group, card.region_name, actions(doing, ["copy", "flag"]), card.kind === "document" ? [] : card.documents),
    card.general ? el("p", { class: "warn" }, card.general) : null,
    card.lead ? el("p", { class: place ? "lead place" : "lead" }, card.lead) : null,
    fields.length ? el("dl", { class: "fields" }, fields.flat()) : null,
    card.points.length ? list(card.points, card.ordered ? "ol" : "ul") : null,
    card.related.length ? links(card.related, doing.open) : null,
    card.script.length ? script(card.script) : null,
    proofs(card),
  ];
}

export function comparison(data, doing) {
  const side = (lines) => lines.map((line) => el("p", {}, line));
  const rows = data.rows.map((row) => el("tr", { class: row.same ? "same" : "differs" },
    el("th", { scope: "row" }, row.label, el("span", { class: "verdict" }, word(row.same ? "compare_same" : "compare_differs"))),
    el("td", {}, side(row.left)),
    el("td", {}, side(row.right), row.gap ? el("p", { class: "gap" }, row.gap) : null)));
  return [
    head(`${data.left} ⇄ ${data.right}`, "", word("as_of", { day: data.day }), word("compare_label"), actions(doing, ["copy", "flag"])),
    el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": word("compare_label") },
      el("table", { class: "compare" },
        el("thead", {}, el("tr", {}, el("td"), el("th", { scope: "col" }, data.left), el("th", { scope: "col" }, data.right))),
        el("tbody", {}, rows))),
  ];
}

const BLOCKS = {
  text: (block, first) => el("p", { class: first ? "lead" : "" }, block.text),
  steps: (block) => el("div", {}, block.title ? el("p", {}, el("b", {}, block.title)) : null, list(block.items, "ol")),
  list: (block) => list(block.items),
  table: (block) => el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": word("answer_label") }, el("table", {},
    el("thead", {}, el("tr", {}, block.head.map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, block.rows.map((row) => el("tr", {}, row.map((cell) => el("td", {}, cell))))))),
  place: (block) => el("div", {}, el("p", { class: "lead place" }, `${block.name}：${block.address}`), el("p", {}, block.online), block.note ? el("p", {}, block.note) : null),
  sum: (block) => el("ol", { class: "sum" }, block.lines.map((line) => el("li", {}, line))),
};

function shown(blocks) {
  return blocks.map((block, index) => BLOCKS[block.kind](block, index === 0));
}

export function answer(data, question, doing) {
  const { reply, reading } = data;
  return [
    head(question, "", word("answer_label"), word(`end_${reply.kind}`), actions(doing, ["copy", "flag"])),
    reading.length ? el("p", { class: "reading" }, word("understood_label"), reading.map((field) => el("span", { class: "tag soft" }, `${field.label}：${field.value}`))) : null,
    el("div", { class: "answer" }, shown(reply.blocks)),
    reply.options.length ? titled("options_label", el("p", { class: "options" }, reply.options.map((one) => el("button", { type: "button", on: { click: () => doing.ask(one.say) } }, one.label)))) : null,
    data.sources.length ? el("section", { class: "part" }, data.sources.map((line) => el("p", { class: "hint" }, line))) : null,
  ];
}

// A new expense is reckoned while it is typed; only the latest result is shown.
function calculator(card) {
  const groups = card.columns.filter((one) => one.reckons);
  const preferred = Math.max(0, groups.findIndex((one) => one.mine));
  const name = (one) => `${one.who}（${[one.people, one.ages].filter(Boolean).join("，")}）`;
  const group = el("select", { id: "calc-group" }, groups.map((one, index) => el("option", { value: index }, name(one))));
  group.value = String(preferred);
  const hospitals = [["", word("calc_hospital_any")], ...desk.hospitals.map((one) => [one.id, one.name])];
  const hospital = el("select", { id: "calc-hospital" }, hospitals.map(([id, label]) => el("option", { value: id }, label)));
  const hospitalField = el("label", { for: "calc-hospital" }, word("calc_hospital"), hospital);
  const money = (id) => el("input", { id, type: "text", inputmode: "decimal", autocomplete: "off", maxlength: "20" });
  const cost = money("calc-cost");
  const spent = money("calc-spent");
  const result = el("div", { class: "result", role: "status" });
  let latest = 0;
  const reckon = async () => {
    const mine = ++latest;
    const one = groups[Number(group.value)];
    hospitalField.hidden = !one.tiers_by_hospital;
    if (!cost.value.trim()) return swap(result);
    const asked = {
      region: card.region, disease: card.id, scheme: one.scheme, cost: cost.value, spent: spent.value,
      population: one.population || null, age: one.age, hospital: one.tiers_by_hospital ? hospital.value || null : null,
    };
    try {
      const done = await post("/desk/calculate", asked);
      if (mine !== latest) return undefined;
      swap(result, shown(done.blocks));
      result.scrollIntoView({ block: "nearest" });
    } catch (error) {
      if (mine === latest) swap(result, el("p", { class: "wrong" }, error.message));
    }
    return undefined;
  };
  hospitalField.hidden = !groups[preferred].tiers_by_hospital;
  return el(
    "section", { class: "part calculator" },
    el("h3", {}, word("calc_label"), " ", key("Alt J")),
    el("form", { on: { submit: (event) => { event.preventDefault(); reckon(); }, input: reckon } },
      el("label", { for: "calc-cost" }, word("calc_cost"), cost),
      el("label", { for: "calc-spent" }, word("calc_spent"), spent),
      el("label", { for: "calc-group" }, word("calc_group"), group),
      hospitalField),
    result);
}
