// Elements, words and requests. Text only ever goes in as text: nothing here takes markup.

const told = JSON.parse(document.body.dataset.desk);

export const desk = told;

export function word(name, fields = {}) {
  const sentence = told.words[name];
  if (sentence === undefined) throw new Error(`no sentence ${name}`);
  return sentence.replace(/\{(\w+)\}/g, (whole, field) => (field in fields ? fields[field] : whole));
}

// Attributes that are set from here; a handler is given as a function under `on`.
const PLAIN = /^(?:class|id|type|name|value|for|role|tabindex|scope|href|maxlength|inputmode|autocomplete|placeholder|rows|hidden|aria-[a-z]+|data-[a-z]+)$/;

export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, run] of Object.entries(value)) made.addEventListener(event, run);
    else if (value === false || value === null || value === undefined) continue;
    else if (PLAIN.test(name)) made.setAttribute(name, value === true ? "" : String(value));
    else throw new Error(`no attribute ${name}`);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

export function swap(place, ...children) {
  place.replaceChildren(...children.flat().filter((child) => child));
}

export const at = (id) => document.getElementById(id);

let telling = 0;
// Say for a few seconds what came of something.
export function tell(text, wrong = false) {
  const status = at("status");
  status.textContent = text;
  status.classList.toggle("wrong", wrong);
  status.classList.add("shown");
  clearTimeout(telling);
  telling = setTimeout(() => status.classList.remove("shown"), wrong ? 8000 : 3000);
}

export function failed(error) {
  if (error.name !== "AbortError") tell(error.message, true);
}

export function key(text) {
  return el("kbd", {}, text);
}

// What went wrong, as a sentence that can be shown.
export class Refused extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

function showPacks(version) {
  if (version) document.getElementById("packs")?.replaceChildren(version);
}

async function taken(response) {
  showPacks(response.headers.get("x-packs"));
  if (response.ok) return response.status === 204 ? null : response.json();
  if (response.status === 401) throw new Refused(word("log_in_again"), 401);
  let detail = "";
  try {
    detail = (await response.json()).detail;
  } catch {
    detail = "";
  }
  throw new Refused(detail || word("offline"), response.status);
}

async function sent(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(word("offline"), 0);
  }
  return taken(response);
}

export function get(path, query, signal) {
  const filled = Object.entries(query).filter(([, value]) => value);
  return sent(`${path}?${new URLSearchParams(filled)}`, { signal });
}

export function post(path, body) {
  const headers = { "content-type": "application/json", "x-csrf-token": told.csrf };
  return sent(path, { method: "POST", headers, body: JSON.stringify(body) });
}
