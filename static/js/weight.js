// A form whose files together are more than the server takes would be refused whole, with all that was typed: told before it is sent.
document.addEventListener("submit", (event) => {
  for (const field of event.target.querySelectorAll("input[type=file][data-most]")) {
    const shown = field.closest("[data-file]") ?? field;
    if (shown.nextElementSibling?.matches("[data-too-much]")) shown.nextElementSibling.remove();
    const bytes = [...field.files].reduce((sum, file) => sum + file.size, 0);
    if (bytes <= Number(field.dataset.most)) continue;
    event.preventDefault();
    const said = Object.assign(document.createElement("p"), { className: "help-block help-critical", textContent: field.dataset.words });
    said.setAttribute("role", "alert");
    said.dataset.tooMuch = "";
    shown.after(said);
    field.focus();
  }
});
