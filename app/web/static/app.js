// What the pages gain where scripts run. Without it every one of them works with plain forms and links.

/** Set the formulas inside `root` with KaTeX; where it can't, the server's MathML stays. */
export function setFormulas(root) {
  if (!globalThis.katex) return;
  for (const element of root.querySelectorAll(".math[data-tex]:not([data-set])")) {
    const place = document.createElement("span");
    try {
      katex.render(element.dataset.tex, place, { displayMode: element.classList.contains("block"), output: "htmlAndMathml", throwOnError: true });
    } catch {
      continue;
    }
    element.replaceChildren(place);
    element.dataset.set = "";
  }
}

setFormulas(document);
