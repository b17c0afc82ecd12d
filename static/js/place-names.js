// Under a box for a place's name stand the places that fit what is typed; a tap writes one into the box, as the server
// knows it. Without this script the name is typed in full, and the server asks back when several places fit.
const offer = (field) => {
  const list = Object.assign(document.createElement("ul"), { className: "place-names" });
  const count = Object.assign(document.createElement("p"), { className: "help", role: "status" });
  field.after(list, count);
  let latest = 0;
  let waiting;

  const choose = (name) => {
    latest += 1;
    field.value = name;
    list.replaceChildren();
    count.textContent = "";
    field.focus();
  };

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
    } catch {
      // No network: the name can still be typed in full.
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    if (field.value.trim().length > 1) waiting = setTimeout(search, 250);
    else list.replaceChildren();
  });
};

document.querySelectorAll("[data-place-names]").forEach(offer);
