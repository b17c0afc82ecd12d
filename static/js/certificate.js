// Checks what the QR code of a paper says. On the page of a certificate, whose words are the register's, it tells whether the issuer
// signed the code. In the shell that stands there without a network (worker.js) it tells all that can be known then.
import * as lists from "./lists.js";
import { isMeant, mark, read } from "./statement.js";

const SETTLED = 1000; // milliseconds: a network that is just back may be gone again
const SOON = 3000;
const box = document.querySelector("[data-certificate]");
const { keys, ended, worker, curve } = box.dataset;
const isShell = "shell" in box.dataset;
const code = decodeURIComponent(location.pathname.match(/\/c\/([^/]+)$/)?.[1] ?? "").toUpperCase().replace(/[^0-9A-Z]/g, "");
const statement = () => (isMeant(location.hash.slice(1)) ? location.hash.slice(1) : "");
const text = statement();

const tell = (name) => { for (const one of box.querySelectorAll("[data-case]")) one.hidden = one.dataset.case !== name; };

const readable = (day) => day.split("-").reverse().join("/");
const SHOWN = { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" };
const moment = (at) => new Intl.DateTimeFormat(document.documentElement.lang, SHOWN).format(new Date(at));

const show = (name, found, at) => {
  tell(name);
  const facts = { ...found, code: `${code.slice(0, 4)}-${code.slice(4)}`, issued: readable(found.issued ?? ""), expires: readable(found.expires ?? "") };
  box.querySelector("[data-facts]").hidden = !found.number;
  box.querySelector("[data-specimen]").hidden = !found.isSpecimen;
  box.querySelector("[data-fetched]").hidden = !at;
  if (at) box.querySelector("[data-fetched] b").textContent = moment(at);
  for (const place of box.querySelectorAll("[data-fact]")) {
    place.textContent = facts[place.dataset.fact] ?? "";
    place.closest("div").hidden = !place.textContent;
  }
};

const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10);

const judge = async () => {
  const [known, list] = await Promise.all([lists.held(keys), lists.held(ended)]);
  if (!known || !list) return tell("nothing");
  const found = await read(text, code, known.keys);
  if (found.kind !== "signed") return show(found.kind, {}, list.at);
  const how = lists.endedHow(list, await mark(text));
  return show(how || (found.expires && found.expires < today() ? "expired" : "signed"), found, list.at);
};

const beginShell = async () => {
  if (code && text) await judge().catch(() => tell("nothing"));
  addEventListener("online", () => { setTimeout(() => { if (navigator.onLine) location.reload(); }, SETTLED); });
};

// The register stands above it, so that only what contradicts it, or confirms it, is said.
const compare = async () => {
  const { kind } = await read(text, code, (await lists.fetched(keys)).keys);
  // The browser keeps the list of keys for some minutes, in which an issuer may have begun to sign with a new one.
  tell(kind === "unknown" ? (await read(text, code, (await lists.fetched(keys, "reload")).keys)).kind : kind);
};

const prepare = async () => {
  await lists.renew({ keys, ended });
  await navigator.serviceWorker.register(worker, { updateViaCache: "all" });
  const { active } = await navigator.serviceWorker.ready;
  const isKnown = await crypto.subtle.importKey("raw", new Uint8Array(32), { name: "Ed25519" }, false, ["verify"]).then(() => true, () => false);
  if (!isKnown) active.postMessage([curve]);
};

addEventListener("hashchange", () => { if (statement()) location.reload(); }); // another paper was scanned into the same window
if (isShell) beginShell();
else {
  if (text && code) compare().catch(() => {}); // without keys nothing can be said of it
  if ("serviceWorker" in navigator) (window.requestIdleCallback ?? setTimeout)(() => prepare().catch(() => {}), { timeout: SOON });
}
