// Paper typed in by the keyboard alone: Enter goes on to the next field and the next row, a row that is left is saved, and what was not
// saved stays as it was typed. Without it the button sends all rows at once.
const form = document.querySelector("[data-grid]");
const body = form.querySelector("[data-grid-rows]");
const known = new Set(form.dataset.known.split(" ").filter(Boolean));
const isNumbered = "numbered" in body.dataset;

const rowsOf = () => [...body.children];
const fieldsOf = (row) => [...row.querySelectorAll("input:not([name^=sure])")];
const numberOf = (row) => row.querySelector(".grid__number");
const typedIn = (row) => fieldsOf(row).filter((field) => field !== numberOf(row)).some((field) => (field.type === "checkbox" ? field.checked : field.value.trim()));
const stateOf = (row) => JSON.stringify([...row.querySelectorAll("input")].map((field) => (field.type === "checkbox" ? field.checked : field.value)));

const saved = new WeakMap(); // row → what the server was told last
const isUnsaved = (row) => typedIn(row) && saved.get(row) !== stateOf(row);

const grow = () => {
  const last = body.lastElementChild;
  body.insertAdjacentHTML("beforeend", form.querySelector("[data-grid-new]").innerHTML.replaceAll("__at__", body.children.length).trim());
  if (isNumbered && Number(numberOf(last).value)) numberOf(body.lastElementChild).value = Number(numberOf(last).value) + 1;
};

const say = (row, said, state, isAsking = false) => {
  row.classList.toggle("is-done", state === "done");
  row.classList.toggle("is-doubtful", state === "doubtful");
  row.classList.toggle("is-wrong", state === "wrong");
  row.querySelector("[data-said]").textContent = said;
  const sure = row.querySelector("[data-sure]");
  sure.hidden = !isAsking;
  if (!isAsking) sure.querySelector("input").checked = false;
};

const save = async (row) => {
  const told = stateOf(row);
  saved.set(row, told);
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const field of row.querySelectorAll("input")) {
    if (field.type !== "checkbox" || field.checked) data.set(field.name.replace(/-\d+$/, "-row"), field.value);
  }
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
    const { said, isDone, isAsking, isDoubtful, told: count } = await answer.json();
    const isUntouched = stateOf(row) === told; // else what was corrected meanwhile is still to be sent
    if (isDone) {
      known.add(numberOf(row).value.trim());
      form.parentElement.querySelector("[data-stale]").hidden = false;
      form.parentElement.querySelector("[data-told]").textContent = count;
    }
    say(row, said, isDoubtful ? "doubtful" : isDone ? "done" : "wrong", isAsking);
    if (isDone && isUntouched) saved.set(row, stateOf(row)); // the tick that made it sure is gone
  } catch {
    saved.delete(row);
    say(row, form.dataset.unsent, "wrong");
  }
};

body.addEventListener("focusin", ({ target }) => {
  if (target.closest("tr") === body.lastElementChild) grow();
});

body.addEventListener("focusout", ({ target, relatedTarget }) => {
  const row = target.closest("tr");
  if (target === numberOf(row) && known.has(target.value.trim()) && !typedIn(row)) say(row, form.dataset.knownSaid, "");
  if (!row.contains(relatedTarget) && isUnsaved(row)) save(row);
});

body.addEventListener("change", ({ target }) => {
  if (target.closest("[data-sure]") && target.checked) save(target.closest("tr"));
});

body.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const row = event.target.closest("tr");
  const fields = fieldsOf(row);
  const next = fields.slice(fields.indexOf(event.target) + 1).find((field) => field.type !== "checkbox"); // a tick is Tab and a blank away
  if (next) {
    next.focus();
    return;
  }
  const below = row.nextElementSibling;
  (isNumbered ? fieldsOf(below)[1] : numberOf(below)).focus();
});

let sending = false;
form.addEventListener("submit", () => { sending = true; });

addEventListener("beforeunload", (event) => {
  if (!sending && rowsOf().some(isUnsaved)) event.preventDefault();
});
