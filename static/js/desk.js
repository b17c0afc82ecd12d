// The door of a desk. On a secure connection the code opens the desk here and is kept nowhere; else the form goes its own way, and
// people are checked in online.
import * as keeping from "./desk-keeping.js";
import * as scanning from "./desk-scanning.js";
import * as showing from "./desk-showing.js";
import * as work from "./desk-work.js";

const { desk } = work;
const door = document.querySelector("[data-door]").dataset;
const form = document.querySelector("[data-code]");
const newcomer = document.querySelector("[data-newcomer]");
const search = document.getElementById("tim");
const camera = document.querySelector("[data-scan]");
const label = camera.querySelector("span");
const labels = { false: label.textContent, true: camera.dataset.other };
let instead = null;
let mended = null;
let session = ""; // of the form

const draw = async () => {
  if (!desk.told) return;
  if (!keeping.isUnlocked()) { // its hours are over, and all was sent
    scanning.stop();
    desk.told = null;
    showing.view("code");
    showing.tell("over");
    return;
  }
  if (desk.isEnded || !desk.session) scanning.stop();
  label.textContent = labels[scanning.isOn()];
  showing.all(mend);
  showing.results(await work.search(search.value), search.value, act);
};

// What this phone could not keep was not recorded, and whoever stands there has to know.
const shown = (recorded) => recorded.catch(() => ({ outcome: "unkept" })).then((said) => {
  showing.verdict(said);
  if (["room", "beside"].includes(said.outcome)) search.value = String(said.row.number); // what can be done about it stands in the list
});

// A second tap while the first is being written down would be a second person, or a conflict about nothing.
let isWriting = false;
const alone = async (job) => {
  if (isWriting) return;
  isWriting = true;
  await job().finally(() => { isWriting = false; });
};

const act = (row, kind) => (kind === "instead" ? enterFor(row) : alone(async () => {
  await shown(work.tap(row, kind));
  search.value = "";
  search.focus();
  await draw();
}));

const enterFor = (row) => {
  [instead, mended, session] = [row, null, desk.session];
  newcomer.reset();
  showing.namesakes([]);
  showing.places();
  document.querySelector("[data-title=new]").hidden = Boolean(row);
  document.querySelector("[data-title=instead]").hidden = !row;
  document.querySelector("[data-instead]").textContent = row?.name ?? "";
  showing.view("new");
  newcomer.elements.name.focus();
};

// Who was about to be written down is known and stands here; of whom this phone wrote down already there is nothing more to write.
const same = ({ row, name, at }) => alone(async () => {
  await shown(row ? work.tap(row, "take") : Promise.resolve({ outcome: "again", name, at }));
  if (mended) await work.dismiss(mended);
  showing.view("work");
  await draw();
});

const writeDown = () => {
  const fields = Object.fromEntries(new FormData(newcomer));
  alone(async () => {
    const recorded = work.enter(fields, instead, session);
    await shown(recorded);
    if (mended) await recorded.then(() => work.dismiss(mended), () => {});
    showing.view("work");
    await draw();
  });
};

// What the server refused, as it was typed.
const mend = (refused) => {
  enterFor(refused.kind === "instead" ? { number: refused.number, name: desk.rows.find(({ number }) => number === refused.number)?.name ?? "", unit: "" } : null);
  for (const name of ["name", "phone", "unit", "place", "elsewhere"]) newcomer.elements[name].value = refused[name] ?? "";
  showing.elsewhere();
  newcomer.elements.consent.checked = Boolean(refused.consent);
  mended = refused;
  session ||= refused.session;
};

const discard = async () => {
  scanning.stop();
  await keeping.forgetAll();
  desk.told = null;
  showing.view("code");
  showing.tell("");
};

const start = async (fresh) => {
  await work.begin(fresh);
  showing.tell("");
  showing.view("work");
  await draw();
};

// A link from the organiser has the code in its fragment, which is sent to nobody; it goes from the address before anything else is done.
const fill = () => {
  const code = new URLSearchParams(location.hash.slice(1)).get("ma");
  if (!code) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  if (desk.told) return;
  form.elements.code.value = code.slice(0, form.elements.code.maxLength);
  showing.tell("filled");
  form.querySelector("button").focus();
};

const ready = async () => {
  const { active } = await navigator.serviceWorker.ready;
  if (await scanning.needsDecoder()) active.postMessage([new URL(door.decoder, location).pathname]);
};

const enter = async (code) => {
  const known = await keeping.unlock(code);
  let answer;
  try {
    answer = await work.post(door.opened, { code });
  } catch {
    return known ? start() : showing.tell("away");
  }
  const { status, told } = answer;
  if (status === 200) {
    if (!known && await keeping.unsent()) return showing.tell("another");
    if (!known) await keeping.settle(code, told.lasts);
    return start(told);
  }
  if (known) return start(); // it was ended: what waits is still sent
  if (status === 409) {
    document.querySelector("[data-case=early] p").textContent = answer.told.why;
    return showing.tell("early");
  }
  return showing.tell(status === 404 ? "wrong" : status === 429 ? "busy" : "away");
};

const begin = async () => {
  await keeping.sweep();
  const count = await keeping.unsent();
  if (count) showing.tell("unsent", count);
  navigator.serviceWorker?.register(door.worker, { updateViaCache: "all" }).then(ready, () => {});
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const field = form.elements.code;
    const button = form.querySelector("button");
    if (!field.value.trim()) { field.focus(); return; }
    button.disabled = true;
    await enter(field.value).finally(() => { button.disabled = false; });
    if (keeping.isUnlocked()) field.value = "";
  }, { capture: true });
  document.addEventListener("desk-changed", draw);
  document.addEventListener("desk-answered", ({ detail }) => showing.answer(detail));
  search.addEventListener("input", draw);
  document.querySelector("[data-search]").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("buoi").addEventListener("change", ({ target }) => work.choose(target.value));
  document.querySelector("[data-new]").addEventListener("click", () => enterFor(null));
  document.querySelector("[data-back]").addEventListener("click", () => showing.view("work"));
  newcomer.elements.place.addEventListener("change", showing.elsewhere);
  newcomer.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const found = work.namesakes(Object.fromEntries(new FormData(newcomer)));
    if (!found.length) writeDown();
    else if (!isWriting) showing.namesakes(found, same, instead);
  });
  // The browser would say what lacks in its own language.
  newcomer.addEventListener("invalid", ({ target }) => target.setCustomValidity(target.validity.valueMissing ? target.dataset.lacking : target.title), true);
  newcomer.querySelector("[type=submit]").addEventListener("click", () => { for (const one of newcomer.elements) one.setCustomValidity(""); });
  newcomer.addEventListener("input", () => showing.namesakes([])); // somebody else may be meant by now
  document.querySelector("[data-distinct]").addEventListener("click", writeDown);
  camera.addEventListener("click", async () => {
    camera.disabled = true; // until it answers: a second tap would open it twice
    try {
      if (scanning.isOn()) scanning.stop();
      else await scanning.start(async (seen) => { await shown(work.scan(seen)); await draw(); });
    } catch {
      scanning.stop();
      showing.tell("no-camera");
    }
    camera.disabled = false;
    draw();
  });
  for (const button of document.querySelectorAll("[data-discard]")) button.addEventListener("click", discard);
};

addEventListener("hashchange", fill);
fill();
if (window.isSecureContext && crypto.subtle && window.indexedDB) begin().catch(() => {});
else document.querySelector("[data-case=insecure]").hidden = false;
