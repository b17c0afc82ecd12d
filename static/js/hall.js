// A test in the hall: what was chosen stays in this tab until it is handed in, so that a page loaded anew or a network that fails costs
// nothing. Without it a browser's own way back usually has it.
const form = document.querySelector("[data-hall-answers]");
const key = `hall-${form.dataset.hallAnswers}`;
const chosen = JSON.parse(sessionStorage.getItem(key) ?? "{}");

for (const [name, value] of Object.entries(chosen)) {
  const tile = form.querySelector(`[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`);
  if (tile && !form.querySelector(`[name="${CSS.escape(name)}"]:checked`)) tile.checked = true;
}

form.addEventListener("change", ({ target }) => {
  chosen[target.name] = target.value;
  sessionStorage.setItem(key, JSON.stringify(chosen));
});
