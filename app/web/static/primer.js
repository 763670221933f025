// The slider of a primer's picture: the server has computed what each position shows, so here it is only looked up.

const figure = document.getElementById("picture");
const slider = document.getElementById("at");
const readings = document.getElementById("readings").children;
const steps = JSON.parse(figure.dataset.steps);
const points = figure.querySelectorAll(".moves");
const description = figure.querySelector("desc");

function show() {
  const [x, heights, said] = steps[slider.value];
  points.forEach((point, number) => point.setAttribute("transform", `translate(${x} ${heights[number]})`));
  said.forEach((text, number) => (readings[number].textContent = text));
  const sentence = said.join(", ");
  description.textContent = sentence;
  // The position's number says nothing: what is heard is what it stands for.
  slider.setAttribute("aria-valuetext", sentence);
}

slider.form.querySelector("button").hidden = true;
slider.addEventListener("input", show);
show();
