// A question as it is typed, in a frame: the form is sent there as it stands, and comes back as a page of the public site
// under that site's own policy. Each answer gets a new frame, so that the "back" button knows nothing of it.
const box = document.querySelector("[data-preview]");
const form = box.closest("form");
const failed = box.querySelector("[data-preview-failed]");
const PAUSE = 700; // milliseconds without typing
let count = 0;
let waits;

function show(next) {
  const address = next.contentDocument?.URL; // none: the browser's own page about an error, or about a frame that is refused
  if (address === "about:blank") return;
  failed.hidden = Boolean(address);
  if (!address) return next.remove();
  const shown = box.querySelector("iframe:not([hidden])");
  const { scrollY } = shown.contentWindow;
  shown.remove();
  next.hidden = false;
  next.contentWindow.scrollTo(0, scrollY);
}

function refresh() {
  for (const late of box.querySelectorAll("iframe[hidden]")) late.remove();
  const next = box.querySelector("iframe").cloneNode();
  next.name = `xem-thu-${++count}`;
  next.hidden = true;
  next.addEventListener("load", () => show(next));
  box.append(next);
  const { action } = form;
  form.action = box.querySelector("[aria-pressed=true]").dataset.address;
  form.target = next.name;
  form.submit(); // no "submit" event: nobody is told that the form was saved
  form.action = action;
  form.target = "";
}

box.addEventListener("click", ({ target }) => {
  const chosen = target.closest("[data-address]");
  if (!chosen) return;
  for (const one of box.querySelectorAll("[data-address]")) one.setAttribute("aria-pressed", one === chosen);
  refresh();
});
form.addEventListener("input", () => {
  clearTimeout(waits);
  waits = setTimeout(refresh, PAUSE);
});
box.hidden = false;
refresh();
