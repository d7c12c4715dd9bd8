// The questions of the demo page are asked in the widget; without it the form goes to /chat.
document.getElementById("asks").addEventListener("submit", (event) => {
  if (!window.yiwentong || !event.submitter) return;
  event.preventDefault();
  window.yiwentong.ask(event.submitter.value);
});
