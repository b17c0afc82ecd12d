// "Thêm dòng": another empty row at the end of a table of form rows. Without this script the spare rows are there, and a button that sends
// the form gets one more from the server.
for (const box of document.querySelectorAll("[data-rows]")) {
  const total = box.closest("form").elements[`${box.dataset.rows}-TOTAL_FORMS`];
  const add = box.querySelector("[data-rows-add]");
  add.hidden = false;
  add.addEventListener("click", (event) => {
    event.preventDefault();
    const row = box.querySelector("[data-rows-new]").innerHTML.replaceAll("__prefix__", total.value);
    const here = box.querySelector("[data-rows-here]");
    here.insertAdjacentHTML("beforeend", row);
    total.value = Number(total.value) + 1;
    const made = here.lastElementChild;
    (made.querySelector("textarea") ?? made.querySelector("select, input:not([type=hidden])")).focus();
  });
}
