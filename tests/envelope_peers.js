// Two independent implementations of the envelopes: JSON lines in, JSON lines out.
// {peer, do: "seal" | "open", token, key, receiver, text} → {sealed, signature} or {text, receiver}
"use strict";
const { createRequire } = require("node:module");
const readline = require("node:readline");

const from = createRequire(process.argv[2] + "/");
const WeChat = from("wechat-crypto");
const wecom = from("@wecom/crypto");

const peers = {
  wechat: {
    seal: ({ token, key, receiver, text }) => {
      const peer = new WeChat(token, key, receiver);
      const sealed = peer.encrypt(text);
      return { sealed, signature: peer.getSignature("1714036504", "1514711492", sealed) };
    },
    open: ({ token, key, receiver, text }) => {
      const found = new WeChat(token, key, receiver).decrypt(text);
      return { text: found.message, receiver: found.id };
    },
  },
  wecom: {
    seal: ({ token, key, receiver, text }) => {
      const sealed = wecom.encrypt(key, text, receiver);
      return { sealed, signature: wecom.getSignature(token, "1714036504", "1514711492", sealed) };
    },
    open: ({ key, text }) => {
      const found = wecom.decrypt(key, text);
      return { text: found.message, receiver: found.id };
    },
  },
};

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const asked = JSON.parse(line);
  console.log(JSON.stringify(peers[asked.peer][asked.do](asked)));
});
