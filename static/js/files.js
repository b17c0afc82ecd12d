// Beside the own button of a field for files stands the name of what was chosen: the browser's own words are in its language, not in ours.
document.addEventListener("change", ({ target }) => {
  const said = target.closest("[data-file]")?.querySelector("output");
  if (!said) return;
  said.dataset.none ??= said.textContent;
  said.textContent = [...target.files].map(({ name }) => name).join(", ") || said.dataset.none;
});
