// Hints, hiding of strategies, and printing. The page says everything without it too.
(() => {
  const hint = document.getElementById("hint");
  const hide = () => { hint.hidden = true; };
  const tell = (mark) => {
    const text = mark.querySelector("title");
    if (!text) return;
    hint.textContent = text.textContent;
    hint.hidden = false;
    const box = mark.getBoundingClientRect();
    const left = Math.min(box.left + box.width / 2, window.innerWidth - hint.offsetWidth - 12);
    hint.style.left = Math.max(8, left) + window.scrollX + "px";
    hint.style.top = box.bottom + window.scrollY + 8 + "px";
  };
  for (const mark of document.querySelectorAll(".tip")) {
    mark.addEventListener("pointerenter", () => tell(mark));
    mark.addEventListener("pointerleave", hide);
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });

  for (const row of document.querySelectorAll(".toggles")) {
    row.hidden = false;
    const figure = row.closest("figure");
    for (const button of row.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        const show = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(show));
        for (const part of figure.querySelectorAll(".series-" + button.dataset.series)) {
          part.style.display = show ? "" : "none";
        }
      });
    }
  }

  const everything = document.getElementById("print-all");
  everything.hidden = false;
  everything.addEventListener("click", () => {
    document.body.classList.add("everything");
    const closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((d) => { d.open = true; });
    window.print();
    closed.forEach((d) => { d.open = false; });
    document.body.classList.remove("everything");
  });
})();
