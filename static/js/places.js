// The list of places follows what is typed. Without this script the button "Tìm" does the same.
const form = document.querySelector("[data-places]");
const field = form.querySelector("[data-places-query]");
const list = form.querySelector("[data-places-hits]");
const count = form.querySelector("[data-places-count]");
let latest = 0;
let waiting;

const tile = ({ id, label }, only) => {
  const box = document.createElement("div");
  box.className = "tile";
  const radio = Object.assign(document.createElement("input"), { type: "radio", name: "place", value: id, id: `p${id}`, checked: only });
  const text = Object.assign(document.createElement("label"), { htmlFor: radio.id, textContent: label });
  box.append(radio, text);
  return box;
};

const search = async () => {
  const mine = ++latest;
  try {
    const answer = await fetch(`${form.dataset.places}?q=${encodeURIComponent(field.value)}`);
    const { places, has_more: hasMore } = await answer.json();
    if (mine !== latest) return;
    list.replaceChildren(...places.map((place) => tile(place, places.length === 1)));
    list.querySelector(":checked")?.dispatchEvent(new Event("change", { bubbles: true }));
    const { count: found, more, none } = form.dataset;
    count.textContent = hasMore ? more : places.length ? found.replace("{n}", places.length) : none;
  } catch {
    // No network: the button still sends the form when it is back.
  }
};

const follow = () => {
  latest += 1; // what is on its way was asked with other words
  clearTimeout(waiting);
  if (field.value.trim().length > 1) waiting = setTimeout(search, 250);
  else {
    list.replaceChildren();
    count.textContent = "";
  }
};

field.addEventListener("input", follow);
if (field.value !== field.defaultValue) follow(); // it was typed sooner than the script was there
