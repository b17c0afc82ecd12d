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
      const { places } = await answer.json();
      if (mine !== latest) return;
      list.replaceChildren(...places.map(row));
      count.textContent = places.length ? field.dataset.count.replace("{n}", places.length) : field.dataset.none;
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
  if (field.getAttribute("aria-invalid") === "true" && field.value) search(); // several fit, or none: they stand there to be tapped
};

document.querySelectorAll("[data-place-names]").forEach(offer);
