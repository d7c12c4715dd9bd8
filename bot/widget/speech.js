// Reading aloud and speech input, by what the browser brings along.

const canSpeak = "speechSynthesis" in window && "SpeechSynthesisUtterance" in window;
const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;

const quiet = () => canSpeak && speechSynthesis.cancel();

const speak = (text, language, ended) => {
  quiet();
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = language === HANT ? "zh-TW" : "zh-CN";
  utterance.rate = 0.9;
  utterance.addEventListener("end", ended);
  utterance.addEventListener("error", ended);
  speechSynthesis.speak(utterance);
};

// Listens once; heard(text) is called with all that was understood so far.
const listen = ({ heard, failed, ended }) => {
  const recognition = new Recognition();
  recognition.lang = "zh-CN";
  recognition.interimResults = true;
  recognition.addEventListener("result", (event) =>
    heard([...event.results].map((result) => result[0].transcript).join("")));
  recognition.addEventListener("error", (event) =>
    failed(event.error === "not-allowed" || event.error === "service-not-allowed"));
  recognition.addEventListener("end", ended);
  recognition.start();
  return recognition;
};
