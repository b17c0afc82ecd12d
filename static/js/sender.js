// Sends one answer of an attempt, whichever page of it is open, and says what came of it, as {kind, …}: "saved"; "later", where
// there is no network, it hangs, or the server is too busy or fails (`isFault`), so that the same can be sent again;
// "elsewhere", which has another answer by now; "revealed", once its key was seen; "over", once the attempt is handed in;
// "refused", and why, by the name of the sentence for it. It keeps and forgets nothing; what the server has is told to whoever keeps
// the page (keeping.js).
import { isBack, login, place } from "./answers.js";

const PATIENCE = 10_000; // milliseconds; then a network counts as gone
const REFUSED = { 400: "outdated", 403: "reopen", 404: "stranger", 423: "not now" };
const NO_MORE = { 410: "over", 422: "revealed" };
const home = () => document.querySelector("[data-key]"); // the form in sight

let token = home().elements.csrfmiddlewaretoken.value;
let issued = login(); // another makes the token of a page void
let isCutOff = false;
let renewal = null;
try { sessionStorage.removeItem("reloads"); } catch { /* closed */ } // the page is here; a shell has read it by now (offline.js)

export const stored = new Map(); // what the server was heard to have, by key

export const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
export const isOff = () => isCutOff || !navigator.onLine;
// What leads out of the page would end on a page of the browser's own, or on a refusal: saving once more finds out.
export const isDoubtful = () => isOff() || issued !== login();
export const sign = (form) => { form.elements.csrfmiddlewaretoken.value = token; };

const inTime = () => {
  const limit = new AbortController();
  setTimeout(() => limit.abort(), PATIENCE);
  return limit.signal;
};

const body = ({ answer, revision }) => {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", token);
  data.set("revision", revision);
  for (const value of answer) data.append("answer", value);
  return data;
};

const post = (key, copy) => fetch(home().dataset.address.replace(/\/cau\/\d+\//, `/cau/${place(key)}/`), {
  method: "POST", body: body(copy), keepalive: true, redirect: "manual", signal: inTime(),
});

// Somebody logged in again in another tab. This page's own address gives a new token to whoever the attempt belongs to;
// anybody else finds nothing there, and no answer goes out under that name. Once for all that were refused with it.
const renew = async () => {
  const { action, dataset } = home();
  const page = await fetch(action, { signal: inTime() });
  const found = new DOMParser().parseFromString(await page.text(), "text/html");
  const field = found.querySelector(`[data-key="${dataset.key}"] [name=csrfmiddlewaretoken]`);
  if (!field) return page;
  isBack(dataset.key);
  issued = login();
  token = field.value;
  return null;
};

const answered = async (key, copy) => {
  const response = await post(key, copy);
  if (response.status !== 403) return response;
  renewal ??= renew().finally(() => { renewal = null; });
  return (await renewal) ?? post(key, copy);
};

const outcome = async (response, copy) => {
  if (response.type === "opaqueredirect") return { kind: "refused", why: "out" }; // or without agreement
  if (response.status in NO_MORE) return { kind: NO_MORE[response.status] };
  const why = REFUSED[response.status] ?? (response.redirected && "reopen");
  if (why) return { kind: "refused", why };
  if (!response.ok && response.status !== 409) throw new Error(response.status);
  const state = await response.json();
  if (state.due_at) document.dispatchEvent(new CustomEvent("end-is", { detail: state.due_at }));
  if (response.ok) return { kind: "saved", ...state };
  const isSaved = isSame(state.answer, copy.answer); // by the button
  return { kind: isSaved ? "saved" : "elsewhere", is_answered: state.answer.some(Boolean), ...state };
};

// An answer of this device whose receipt was lost on the way is no other tab's: what was changed since follows it.
const isOwn = ({ kind, answer }, { unheard = [] }) => kind === "elsewhere" && unheard.some((one) => isSame(one, answer));

export const send = async (key, copy) => {
  const later = ({ message }) => ({ kind: "later", isFault: message === "500" });
  const heard = await answered(key, copy).then((response) => outcome(response, copy)).catch(later);
  isCutOff = heard.kind === "later";
  if ("revision" in heard) stored.set(key, { answer: copy.answer, ...heard });
  document.dispatchEvent(new CustomEvent("server-said", { detail: { key, kind: heard.kind } }));
  return isOwn(heard, copy) ? send(key, { ...copy, revision: heard.revision, unheard: [] }) : heard;
};
