// What outlives a reload (the conversation, for this tab) and a visit (the size of the type).

const HANT = "zh-Hant";
const PAIRS = new Map((GIVEN.hant[0].match(/../gu) ?? []).map((pair) => [...pair]));
// Texts by their names in either script: characters are changed by pairs, or the text as a whole.
const inHant = (texts) => Object.fromEntries(Object.entries(texts).map(([name, text]) =>
  [name, GIVEN.hant[1][name] ?? [...text].map((one) => PAIRS.get(one) ?? one).join("")]));
const SAID = { "zh-Hans": GIVEN.sentences, [HANT]: inHant(GIVEN.sentences) };
const REGIONS = { "zh-Hans": GIVEN.regions, [HANT]: inHant(GIVEN.regions) };
const CONVERSATION = "yiwentong";
const SIZE = "yiwentong.size";
const SIZES = [24, 26, 28, 30]; // CSS pixels of the elderly mode: 18 to 22.5 pt

const readKept = (storage, key) => {
  try {
    return JSON.parse(window[storage].getItem(key));
  } catch {
    return null; // no storage here, or something else wrote there
  }
};

const keep = (storage, key, value) => {
  try {
    if (value == null) window[storage].removeItem(key);
    else window[storage].setItem(key, JSON.stringify(value));
  } catch {
    // full or forbidden: the conversation goes on, it only does not outlive a reload
  }
};

const isText = (value) => typeof value === "string";

const readConversation = () => {
  const found = readKept("sessionStorage", CONVERSATION) ?? {};
  const said = (value) => (value && isText(value.text) && isText(value.label) ? value : null);
  return {
    session: isText(found.session) ? found.session : null,
    turns: listed(found.turns).filter((turn) => isLine(turn?.line) || (isText(turn?.asked) && turn.reply?.blocks)),
    people: ["waiting", "taken"].includes(found.people) ? found.people : null,
    ahead: Number.isInteger(found.ahead) ? found.ahead : null,
    after: Number.isInteger(found.after) ? found.after : 0,
    pending: said(found.pending),
    draft: isText(found.draft) ? found.draft : "",
    open: found.open === true,
  };
};

const readSize = () => {
  const found = readKept("localStorage", SIZE);
  return SIZES.includes(found) ? found : 0;
};
