// What is known of the caller: four chips, set by keyboard, used by every look-up.
import { desk, el, swap, word } from "./elements.js";

const chips = document.getElementById("context");
const caller = {};

export function known() {
  return { ...caller };
}

// Nothing is known of a new caller but the region of the deployment.
export function forget() {
  Object.assign(caller, { region: desk.region, scheme: "", population: "", disease: "" });
  fill();
}

// A population settles its scheme.
export function choose(name, value) {
  caller[name] = value;
  if (name === "population" && value) {
    caller.scheme = desk.schemes.find((one) => one.populations.some((person) => person.id === value)).id;
  }
  fill();
  chips.elements[name].focus();
}

// The disease of a card becomes that of the caller.
export function pinned(card) {
  caller.disease = card.id;
  caller.region ||= card.region;
  fill();
}

// What no longer goes with the rest is let go of: a population of another scheme, for one.
function fill() {
  const regions = desk.regions.filter((one) => !caller.region || one.id === caller.region);
  const diseases = new Map(regions.flatMap((one) => one.diseases.map((disease) => [disease.id, disease.name])));
  if (caller.disease && !diseases.has(caller.disease)) caller.disease = "";
  const schemes = desk.schemes.filter((one) => !caller.scheme || one.id === caller.scheme);
  const people = schemes.flatMap((one) => one.populations.map((person) => [person.id, person.name]));
  if (caller.population && !people.some(([id]) => id === caller.population)) caller.population = "";
  const choices = {
    region: desk.regions.map((one) => [one.id, one.name]),
    scheme: desk.schemes.map((one) => [one.id, one.name]),
    population: people,
    disease: [...diseases],
  };
  for (const [name, found] of Object.entries(choices)) {
    const select = chips.elements[name];
    swap(select, [["", word("chip_any")], ...found].map(([value, label]) => el("option", { value }, label)));
    select.value = caller[name];
    select.classList.toggle("set", Boolean(caller[name]));
  }
}
