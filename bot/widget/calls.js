// The two calls to the server; what came of each, never an exception.

const PATIENCE = 15000; // milliseconds that an answer may take
const BUSY = [429, 502, 503, 504];

const post = async (url, body, language) => {
  const giving = new AbortController();
  const timer = setTimeout(() => giving.abort(), PATIENCE);
  try {
    const response = await fetch(url, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "Accept-Language": language },
      credentials: "omit",
      signal: giving.signal,
    });
    const wait = Number(response.headers.get("Retry-After"));
    const text = await response.text();
    return { status: response.status, wait, body: text ? JSON.parse(text) : {} };
  } catch (error) {
    // An answer that is no JSON comes from something in between: the service is not there.
    return { status: error instanceof SyntaxError ? 502 : 0, wait: 0, body: {} };
  } finally {
    clearTimeout(timer);
  }
};

// How long to wait before the next try, in seconds: what the server says, else ever longer.
const waitOf = (outcome, tries) => (outcome.wait > 0 ? outcome.wait : Math.min(30, 2 ** (tries + 1)));
