// "Chèn hình": under the field in which somebody writes, for words that may hold pictures. The admin's own chooser finds the
// picture or takes in a new one; what goes into the words is the line that a picture has there. Without this script it is typed.
const button = document.querySelector("[data-pictures-button]");
let field;

function insert({ id, title, default_alt_text: words }) {
  const described = (words || title || "").replaceAll(/[[\]]/g, "");
  const picture = `![${described}](anh:${id})`;
  const { selectionStart: from, selectionEnd: to, value } = field;
  const isWhole = field.rows > 2 && value.slice(0, from).trim(); // a line of its own below what is asked
  window.jQuery(document).one("hidden.bs.modal", () => field.focus()); // the chooser gives it to the button
  field.setRangeText(isWhole ? `\n\n${picture}\n` : picture, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("focusin", ({ target }) => {
  if (!target.matches("textarea[data-pictures]")) return;
  field = target;
  field.after(button);
  button.hidden = false;
});
button.addEventListener("click", () => new window.ImageChooserModal(button.dataset.chooser).open({}, insert));
