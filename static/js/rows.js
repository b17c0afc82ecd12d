// "Thêm dòng": another empty row at the end of a table of form rows. Without this script the spare rows are there, and a button that sends
// the form gets one more from the server. What an ended session kept (keep.js, which runs after this) gets as many rows as it had.
const kept = new URLSearchParams(location.search).has("chua-gui") ? JSON.parse(sessionStorage.getItem("unsent") ?? "null") : null;

for (const box of document.querySelectorAll("[data-rows]")) {
  const total = box.closest("form").elements[`${box.dataset.rows}-TOTAL_FORMS`];
  const add = box.querySelector("[data-rows-add]");
  const grown = () => {
    const here = box.querySelector("[data-rows-here]");
    here.insertAdjacentHTML("beforeend", box.querySelector("[data-rows-new]").innerHTML.replaceAll("__prefix__", total.value));
    total.value = Number(total.value) + 1;
    here.lastElementChild.dispatchEvent(new Event("row-added", { bubbles: true }));
    return here.lastElementChild;
  };
  const had = kept?.path === location.pathname && kept.typed.find(([name]) => name === total.name)?.[1];
  while (Number(total.value) < Number(had)) grown();
  add.hidden = false;
  add.addEventListener("click", (event) => {
    event.preventDefault();
    const made = grown();
    (made.querySelector("textarea") ?? made.querySelector("select, input:not([type=hidden])")).focus();
  });
}
