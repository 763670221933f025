// Buttons that copy what stands in a field: shown where the browser lets a page copy at all.

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(field.value);
      document.getElementById("live").textContent = button.textContent = button.dataset.done;
    } catch {
      field.select();
    }
  });
}
