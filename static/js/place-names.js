// Under a box for a place's name stand the places that fit what is typed; a tap writes one into the box, as the server
// knows it. Without this script the name is typed in full, and the server asks back when several places fit.
const offer = (field) => {
  const list = Object.assign(document.createElement("ul"), { className: "place-names" });
  const count = Object.assign(document.createElement("p"), { className: "help field__hint", role: "status" });
  field.after(list, count);
  let latest = 0;
  let waiting;

  const close = () => {
    latest += 1;
    clearTimeout(waiting);
    list.replaceChildren();
    count.textContent = "";
  };

  const choose = (name) => {
    close();
    field.setAttribute("aria-invalid", "false"); // what the server will say of it is another matter
    field.value = name;
    field.focus();
  };

  // Only after the press that took the focus away: else what it was meant for moves up from under the finger.
  const leave = () => setTimeout(() => {
    if (document.activeElement !== field && !list.contains(document.activeElement)) close();
  }, 250);

  const row = ({ name, label }) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    button.addEventListener("click", () => choose(name));
    const item = document.createElement("li");
    item.append(button);
    return item;
  };

  const search = async () => {
    const mine = ++latest;
    try {
      const answer = await fetch(field.dataset.placeNames + encodeURIComponent(field.value));
      const { places, has_more: hasMore } = await answer.json();
      if (mine !== latest) return;
      list.replaceChildren(...places.map(row));
      const { count: found, more, none } = field.dataset;
      count.textContent = hasMore ? more : places.length ? found.replace("{n}", places.length) : none;
      if (document.activeElement === field) list.scrollIntoView({ block: "nearest" });
    } catch {
      // No network: the name can still be typed in full.
    }
  };

  list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the box: Safari gives it to no button
  for (const part of [field, list]) part.addEventListener("focusout", leave);
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    if (field.value.trim().length > 1) waiting = setTimeout(search, 250);
    else close();
  });
  // What was refused stands there with all that fits, to be tapped, until somebody goes on to another field.
  const isTypedAlready = field.value !== field.defaultValue; // sooner than this script was there
  if ((isTypedAlready || field.getAttribute("aria-invalid") === "true") && field.value.trim().length > 1) {
    search();
    field.form.addEventListener("focusin", ({ target }) => {
      if (target !== field && target.matches("input, select, textarea")) leave();
    });
  }
};

document.querySelectorAll("[data-place-names]").forEach(offer);
document.addEventListener("row-added", ({ target }) => target.querySelectorAll("[data-place-names]").forEach(offer));
