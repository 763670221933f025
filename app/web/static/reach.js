// What scrolls sideways on its own can be reached with Tab, in browsers too that don't see to that themselves.

const SIDEWAYS = ".math, .scroll, pre";

function reach() {
  for (const element of document.querySelectorAll(SIDEWAYS)) {
    const scrolls = element.scrollWidth > element.clientWidth;
    if (scrolls && !element.hasAttribute("tabindex")) {
      element.tabIndex = 0;
      element.dataset.reached = "";
    } else if (!scrolls && "reached" in element.dataset) {
      element.removeAttribute("tabindex");
      delete element.dataset.reached;
    }
  }
}

// Whatever sets formulas, shows a verdict or turns the screen changes the size of the page.
new ResizeObserver(reach).observe(document.body);
