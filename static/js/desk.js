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
let instead = null;

const draw = async () => {
  if (!desk.told) return;
  if (!keeping.isUnlocked()) { // its hours are over, and all was sent
    scanning.stop();
    desk.told = null;
    showing.view("code");
    showing.tell("over");
    return;
  }
  showing.all();
  showing.results(await work.search(search.value), search.value, act);
};

const act = async (row, kind) => {
  if (kind === "instead") return enterFor(row);
  showing.verdict(await work.tap(row, kind));
  search.value = "";
  search.focus();
  return draw();
};

const enterFor = (row) => {
  instead = row;
  newcomer.reset();
  showing.places();
  document.querySelector("[data-title=new]").hidden = Boolean(row);
  document.querySelector("[data-title=instead]").hidden = !row;
  document.querySelector("[data-instead]").textContent = row?.name ?? "";
  if (row) newcomer.elements.unit.value = row.unit;
  showing.view("new");
  newcomer.elements.name.focus();
};

const start = async (fresh) => {
  await work.begin(fresh);
  showing.tell("");
  showing.view("work");
  await draw();
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
  search.addEventListener("input", draw);
  document.querySelector("[data-search]").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("buoi").addEventListener("change", ({ target }) => { desk.session = target.value; draw(); });
  document.querySelector("[data-new]").addEventListener("click", () => enterFor(null));
  document.querySelector("[data-back]").addEventListener("click", () => showing.view("work"));
  newcomer.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const fields = Object.fromEntries(new FormData(newcomer));
    showing.verdict(await work.enter(fields, instead));
    showing.view("work");
    draw();
  });
  const label = camera.querySelector("span");
  const swap = () => { [label.textContent, camera.dataset.other] = [camera.dataset.other, label.textContent]; };
  camera.addEventListener("click", async () => {
    if (scanning.isOn()) { scanning.stop(); swap(); return; }
    try {
      await scanning.start(async (seen) => { showing.verdict(await work.scan(seen)); await draw(); });
      swap();
    } catch {
      scanning.stop();
      showing.tell("no-camera");
    }
  });
};

if (window.isSecureContext && crypto.subtle && window.indexedDB) begin().catch(() => {});
else document.querySelector("[data-case=insecure]").hidden = false;
