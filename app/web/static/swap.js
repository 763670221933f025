// Forms that are sent without leaving the page: the answer's <main> takes the place of this one's. Only a saving of time:
// whatever is unusual about an answer, the browser is left to do it the plain way.

/** What is shown now, without the part behind #; following an anchor is no other page. */
let shown = location.pathname + location.search;
let sending = false;

/** Send the forms marked with data-swap by fetch; `ready` is called with each new <main>. */
export function swapForms(ready) {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (sending) event.preventDefault();
    else if (form.dataset.swap === undefined || form.dataset.plain !== undefined) setTimeout(() => disable(form), 0);
    else {
      event.preventDefault();
      send(form, event.submitter, ready);
    }
  });
  addEventListener("popstate", () => {
    if (location.pathname + location.search !== shown) location.reload();
  });
  // A page that the browser kept comes back with its buttons as they were left.
  addEventListener("pageshow", (event) => event.persisted && enable(document));
}

async function send(form, submitter, ready) {
  const body = new URLSearchParams(new FormData(form, submitter));
  sending = true;
  disable(form);
  const [page, response] = await answerOf(form.action, body).catch(() => []);
  sending = false;
  if (page) show(page, response, form, ready);
  else plainly(form, submitter);
}

async function answerOf(action, body) {
  const response = await fetch(action, { method: "POST", body, headers: { accept: "text/html" } });
  return [await pageOf(response), response];
}

/**
 * Return the page of a response; null where it isn't one that can take the place of this one. A failure doesn't: opened
 * plainly, one can go back from it to what was typed.
 */
async function pageOf(response) {
  if (!response.ok && response.status !== 422) return null;
  if (!response.headers.get("content-type")?.startsWith("text/html")) return null;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector("main") && page.querySelector("header.top") ? page : null;
}

/** Send a form as the browser would. Sent twice it takes effect once, for it carries a key of its own. */
function plainly(form, submitter) {
  enable(form);
  form.dataset.plain = "";
  form.requestSubmit(submitter);
}

function show(page, response, form, ready) {
  if (response.redirected && bringsScripts(page)) {
    location.assign(response.url);
    return;
  }
  const address = new URL(response.url);
  const isNew = response.redirected && address.pathname + address.search !== shown;
  if (isNew) {
    shown = address.pathname + address.search;
    history.pushState(null, "", shown);
  }
  document.title = page.title;
  for (const part of ["header.top", "main"]) document.querySelector(part).replaceWith(page.querySelector(part));
  const main = document.querySelector("main");
  ready(main);
  main.dispatchEvent(new Event("swapped", { bubbles: true })); // for scripts that some pages bring themselves
  focus(main, form, isNew);
}

/** Scripts that a page needs besides those that are here already run only if it is opened. */
function bringsScripts(page) {
  const here = new Set([...document.scripts].map((script) => script.src));
  return [...page.scripts].some((script) => !here.has(script.src));
}

/** Put the focus where the page, or what was sent, wants it, and say what has come. */
function focus(main, form, isNew) {
  if (isNew) scrollTo(0, 0);
  const wanted = form.dataset.focus ? main.querySelector(form.dataset.focus) : null;
  const target = wanted ?? main.querySelector("[autofocus]") ?? main;
  target.focus();
  const news = wanted ?? main.querySelector("[data-news], [role=alert]");
  news?.scrollIntoView({ block: "nearest" });
  document.getElementById("live").textContent = (news ?? main.querySelector("h1")).innerText;
}

function disable(form) {
  for (const button of form.querySelectorAll("button")) button.disabled = true;
}

function enable(root) {
  for (const button of root.querySelectorAll("button")) button.disabled = false;
}
