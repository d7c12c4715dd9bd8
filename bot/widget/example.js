// How a page drives the widget and hears of it.
for (const button of document.querySelectorAll("[data-call]")) {
  button.addEventListener("click", () => window.yiwentong?.[button.dataset.call](button.dataset.text));
}
for (const name of ["open", "close", "answer"]) {
  document.addEventListener(`yiwentong:${name}`, (event) => {
    const line = document.createElement("li");
    line.textContent = event.detail ? `yiwentong:${name} ${event.detail.status}` : `yiwentong:${name}`;
    document.getElementById("log").append(line);
  });
}
