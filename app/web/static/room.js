// A coach's room follows what happens in it. Whenever the service says that something has changed, the page is fetched and
// its results take the place of those shown: what stands in them is decided in one place, the server's template.

const AGAIN_MS = 5000;

const place = document.getElementById("live-results");
const live = document.getElementById("live");
let busy = false;
let missed = false;
let ending = 0;

/** Fetch the page and show its results; news that come meanwhile are fetched right after. */
async function refresh() {
  missed = busy;
  if (busy) return;
  busy = true;
  try {
    const response = await fetch(location.pathname, { headers: { accept: "text/html" } });
    if (response.ok && !response.redirected) swap(new DOMParser().parseFromString(await response.text(), "text/html"));
  } catch {
    missed = false; // the connection is lost: the events say when it is back
  } finally {
    busy = false;
  }
  if (missed) refresh();
}

/** Put the results of a page in place of those shown; focus and scrolling stay where they are. */
function swap(page) {
  const results = page.getElementById("live-results");
  if (!results) return;
  const before = said();
  const focus = place.contains(document.activeElement) ? document.activeElement.id : "";
  const scrolled = [...place.querySelectorAll(".scroll")].map((element) => element.scrollLeft);
  place.replaceChildren(...results.childNodes);
  place.querySelectorAll(".scroll").forEach((element, index) => (element.scrollLeft = scrolled[index] ?? 0));
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  tell("watching");
  announce(before);
  waitForEnd();
}

/** What is said of each candidate, by the id of their drill. */
function said() {
  return new Map([...place.querySelectorAll("[data-candidate]")].map((row) => [row.dataset.candidate, row.dataset.says]));
}

/** Say what has changed, and no more, to those who hear the page. */
function announce(before) {
  const news = [...said()].filter(([drill, words]) => before.get(drill) !== words).map(([, words]) => words);
  if (news.length) live.textContent = news.join("; ");
}

/** A drill that runs out of time ends without an event of its own. */
function waitForEnd() {
  clearTimeout(ending);
  const left = [...place.querySelectorAll("[data-seconds-left]")].map((row) => Number(row.dataset.secondsLeft));
  if (left.length) ending = setTimeout(refresh, (Math.min(...left) + 1) * 1000);
}

/** Say whether the page follows what happens, in place of the link that fetches it by hand. */
function tell(state) {
  const line = place.querySelector("[data-watching]");
  line.textContent = line.dataset[state];
}

let events = null;
let again = 0;

function watch() {
  events = new EventSource(place.dataset.events);
  events.addEventListener("open", () => tell("watching"));
  events.addEventListener("results", refresh);
  events.addEventListener("error", () => {
    tell("lost");
    // The browser tries again by itself, unless it was refused.
    if (events.readyState === EventSource.CLOSED) again = setTimeout(watch, AGAIN_MS);
  });
}

// A browser keeps few connections to one service: a room that nobody looks at needs none of them.
document.addEventListener("visibilitychange", () => {
  clearTimeout(again);
  events.close();
  if (document.visibilityState === "visible") watch();
});

watch();
waitForEnd();
