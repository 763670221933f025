// The slider of a primer's picture: the server has computed what each position shows, so here it is only looked up.

const figure = document.getElementById("picture");
const slider = document.getElementById("at");
const reading = document.getElementById("reading");
const steps = JSON.parse(figure.dataset.steps);
const points = figure.querySelectorAll(".mark");
const description = figure.querySelector("desc");

function show() {
  const [x, heights, sentence] = steps[slider.value];
  points.forEach((point, number) => point.setAttribute("transform", `translate(${x} ${heights[number]})`));
  reading.textContent = sentence;
  description.textContent = sentence;
  // The position's number says nothing: what is heard is what it stands for.
  slider.setAttribute("aria-valuetext", sentence);
}

slider.form.querySelector("button").hidden = true;
slider.addEventListener("input", show);
show();
