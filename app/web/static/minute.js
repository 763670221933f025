// A minute to talk in. It starts when one presses the button, and ends with a word, not by itself: nothing is sent.

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function prepare(place) {
  const [button, shown, over] = [place.querySelector("button"), place.querySelector(".clock"), place.querySelector(".over")];
  const seconds = Number(place.dataset.seconds);
  let timer;
  place.hidden = false;
  button.addEventListener("click", () => {
    clearInterval(timer);
    over.hidden = true;
    // By the time of day: a timer in a tab that isn't looked at runs late.
    const end = Date.now() + seconds * 1000;
    const tick = () => {
      const left = Math.max(0, Math.round((end - Date.now()) / 1000));
      shown.textContent = clock(left);
      if (left > 0) return;
      clearInterval(timer);
      over.hidden = false;
      document.getElementById("live").textContent = over.textContent;
    };
    tick();
    timer = setInterval(tick, 250);
  });
}

export function minutes(root) {
  for (const place of root.querySelectorAll(".minute[hidden]")) prepare(place);
}

minutes(document);
document.addEventListener("swapped", (event) => minutes(event.target));
