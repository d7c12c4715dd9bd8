// What people say in the conversation: waited for while they are in it, and shown with their label.

const RELAYED = "handover_passed"; // the topic of a reply that only says that an agent was told
const HELD = 40000; // milliseconds that a server may hold a call, and some more

const news = async ({ session, after, people, ahead }, language, signal) => {
  const url = new URL(`api/v1/sessions/${encodeURIComponent(session)}/events`, BASE);
  const known = { after, state: people ?? "bot", ahead };
  for (const [name, value] of Object.entries(known)) if (value != null) url.searchParams.set(name, value);
  const giving = new AbortController();
  const timer = setTimeout(() => giving.abort(), HELD);
  const stop = () => giving.abort();
  signal.addEventListener("abort", stop);
  try {
    const response = await fetch(url, {
      headers: { "Accept-Language": language }, credentials: "omit", cache: "no-store", signal: giving.signal,
    });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
};

const pause = (seconds, signal) => new Promise((resolve) => {
  const timer = setTimeout(resolve, seconds * 1000);
  signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
});

const lineOf = (line, say) => make("article", { class: `turn ${line.author === "agent" ? "agent" : "word"}` },
  line.author === "agent" && make("p", { class: "from" }, say.agent),
  make("p", { class: "said" }, line.text));

// The bar over the field: who answers now, and the way back.
const barOf = ({ state, ahead }, say, back) => [
  make("p", {}, state === "taken" ? say.with_agent : ahead ? filled(say.waits, { ahead }) : say.waits_next),
  make("button", { type: "button", click: () => back(state === "taken" ? say.back : say.give_up) },
    state === "taken" ? say.back : say.give_up),
];

const isLine = (line) => line && isText(line.text) && Number.isInteger(line.id);
