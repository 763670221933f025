// What the pages gain where scripts run. Without it every one of them works with plain forms and links.

import { swapForms } from "./swap.js";

const NARROW = 270; // pixels: about a line of text on a phone

/** Set the formulas inside `root` with KaTeX; where it can't, the server's MathML stays. */
export function setFormulas(root) {
  if (!globalThis.katex) return;
  const found = [...root.querySelectorAll(".math[data-tex]:not([data-set])")];
  for (const element of found) setFormula(element, element.dataset.tex);
  // A long vector flows with the text and goes on in the next line: on a phone it is wider than the page.
  const long = found.filter((element) => element.matches(".inline[data-set]") && sum(widths(element)) > NARROW);
  for (const element of long) setFormula(element, element.dataset.tex.replaceAll(", ", ", \\allowbreak "));
  for (const element of long) element.classList.toggle("flows", Math.max(...widths(element)) <= NARROW);
}

function setFormula(element, tex) {
  const place = document.createElement("span");
  try {
    katex.render(tex, place, { displayMode: element.classList.contains("block"), output: "htmlAndMathml", throwOnError: true });
  } catch {
    return;
  }
  element.replaceChildren(place);
  element.dataset.set = "";
}

/** Return how wide the pieces of a formula are between which a line may end. */
function widths(element) {
  return [...element.querySelectorAll(".katex-base")].map((piece) => piece.offsetWidth);
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

// Reading back: what is typed is a number already, or the service says what it would be read as.

const PLAIN = /^\s*[+-]?(\d+\.?\d*|\.\d+)?\s*$/;
const PAUSE_MS = 150;
let typing = 0;

async function readBack(field) {
  const place = field.closest(".part").querySelector(".reading");
  const turn = ++typing;
  if (PLAIN.test(field.value)) {
    place.textContent = "";
    return;
  }
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  if (turn !== typing) return;
  const asked = new URLSearchParams({ text: field.value, unit: field.dataset.unit === undefined ? "" : "1" });
  try {
    const reading = await (await fetch(`/read?${asked}`)).json();
    if (turn !== typing) return;
    place.textContent = reading.error || `= ${reading.read}`;
  } catch {
    place.textContent = "";
  }
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("input[data-read]")) readBack(event.target);
});

// Keys. Enter is the browser's own, but that in a vector it first goes to what is still empty.

const TYPED_IN = "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]";

function goOnTyping(event) {
  const field = event.target;
  if (!field.matches("input[data-read]") || !field.value.trim()) return;
  const empty = [...field.form.querySelectorAll("input[data-read]")].find((other) => !other.value.trim());
  if (!empty) return;
  event.preventDefault();
  empty.focus();
}

function press(event) {
  const { key, target } = event;
  const isField = target.matches(TYPED_IN);
  if (key === "Escape" && isField && !target.closest("dialog")) target.blur();
  if (key === "Enter") goOnTyping(event);
  // No answer begins with a question mark, so that one key works in its fields too.
  if (key.length !== 1 || (isField && !(key === "?" && target.matches("[data-read]")))) return;
  const meant = document.querySelector(`main [data-key="${CSS.escape(key.toLowerCase())}"]`);
  if (!meant || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  meant.click();
}

document.addEventListener("keydown", (event) => {
  const ours = !event.isComposing && event.keyCode !== 229 && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!ours || event.defaultPrevented || !(event.target instanceof Element)) return;
  if (event.key === "Enter" || event.key === "Escape" || document.documentElement.dataset.keys !== "off") press(event);
});

// Help opens above the page, so that nothing that was typed is lost.

async function openHelp(link) {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html");
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-labelledby", "help-heading");
    const close = document.createElement("button");
    close.textContent = link.dataset.close;
    close.className = "close";
    close.addEventListener("click", () => dialog.close());
    dialog.append(close, page.querySelector(".help"));
    document.body.append(dialog);
    setFormulas(dialog);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
  } catch {
    location.assign(link.href);
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-help]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  openHelp(link);
});

// The clock of a drill shows the server's time that is left; at its end the server says what comes.

let ticking = 0;

function runClock(root) {
  clearInterval(ticking);
  const clock = root.querySelector("[data-remaining-seconds]:not([data-paused])");
  if (!clock) return;
  const end = performance.now() + Number(clock.dataset.remainingSeconds) * 1000;
  ticking = setInterval(() => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left > 0) return;
    clearInterval(ticking);
    if (hasUnsentText(root)) sayTimeIsOver(clock);
    else location.reload();
  }, 250);
}

function sayTimeIsOver(clock) {
  clock.hidden = false;
  clock.textContent = clock.dataset.over;
  document.getElementById("live").textContent = clock.dataset.over;
}

/** Whether something was typed that a new page would lose: it can still be sent, though late. */
function hasUnsentText(root) {
  return [...root.querySelectorAll("input[type=text], textarea")].some((field) => field.value !== field.defaultValue);
}

function ready(root) {
  setFormulas(root);
  runClock(root);
}

ready(document);
swapForms(ready);
