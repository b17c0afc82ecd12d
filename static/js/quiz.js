// Saves the answer a moment after it changes and when the page is left. "Đã lưu" is said only after the server's answer;
// until then a copy stays on this device, and "Đang chờ gửi" is said only once it could not be sent, with the number of all
// answers of this attempt that wait. The other questions are fetched once, so that a step needs no network; what leads
// out of the questions waits for it. Without this script the buttons save.
let form = document.querySelector("[data-quiz]");
const status = document.querySelector("[data-status]");
const answers = await import(form.dataset.store);
const AT_ONCE = 0, SOON = 1200, AT_LATEST = 4000; // milliseconds
const PATIENCE = 10_000; // then a network counts as gone
let changed = false;
let changedAt = 0;
let sending = null;
let isCutOff = false;
let held = null; // the step that waits
let isLeaving = false;
let saying;
let timer;

const place = (one) => Number(one.dataset.key.split("-")[2]);
const questions = new Map([[place(form), form]]);
const numbers = [...document.querySelectorAll(".numbers a")];

const cookie = () => document.cookie.match(/csrftoken=(\w+)/)?.[1];
let issued = cookie(); // changes with every log-in, and makes this form's token void

const values = () => new FormData(form).getAll("answer");
const fields = () => [...form.querySelectorAll("[name=answer]")];
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const say = async (kind) => {
  saying = kind;
  const waiting = await answers.waitingOf(form.dataset.key);
  if (saying !== kind) return;
  for (const [at, number] of numbers.entries()) {
    const isWaiting = number.classList.toggle("waiting", waiting.includes(at + 1));
    number.querySelector("span").hidden = isWaiting || !number.classList.contains("done"); // "đã lưu"
  }
  const said = waiting.length && ["saved", "nothing"].includes(kind) ? "waiting" : kind;
  const count = said === "waiting" && waiting.length ? ` (${waiting.length})` : "";
  status.textContent = (status.dataset[said] ?? "") + count;
  status.className = `status status--${["saved", "saving"].includes(said) ? said : "waiting"}`;
};

const sayHowItStands = () => say("answered" in form.dataset ? "saved" : "nothing");
const sayTrying = () => say(navigator.onLine ? "saving" : "waiting");

const why = () => form.querySelector("[data-when]:not([hidden])")?.dataset.when;

const explain = (reason) => {
  const isFragile = !answers.isLasting && ["out", "reopen", "offline"].includes(reason);
  const shown = isFragile ? "fragile" : reason;
  for (const sentence of form.querySelectorAll("[data-when]")) sentence.hidden = sentence.dataset.when !== shown;
  form.querySelector("[data-when]:not([hidden])")?.scrollIntoView({ block: "nearest" });
};

const fill = (answer) => {
  for (const [at, field] of fields().entries()) {
    if (field.matches("[type=radio], [type=checkbox]")) field.checked = answer.includes(field.value);
    else field.value = answer[at] ?? "";
  }
};

const keep = () => answers.keep(form.dataset.key, { answer: values(), revision: form.elements.revision.value });
const forget = () => answers.forget(form.dataset.key);

// Answered elsewhere meanwhile: what was chosen here stays in sight, and only a deliberate next step saves it.
const differ = (theirs) => {
  changed = false;
  form.elements.revision.value = theirs;
  forget();
  say("unsaved");
  explain("elsewhere");
};

const post = () => fetch(form.dataset.address, {
  method: "POST", body: new FormData(form), keepalive: true, redirect: "manual", signal: AbortSignal.timeout?.(PATIENCE),
});

// Somebody logged in again in another tab. This page's own address gives a new token to whoever the attempt belongs to;
// anybody else finds nothing there, and no answer goes out under that name.
const renew = async (response) => {
  if (response.status !== 403) return response;
  const page = await fetch(form.action);
  const found = new DOMParser().parseFromString(await page.text(), "text/html");
  const token = found.querySelector(`[data-key="${form.dataset.key}"] [name=csrfmiddlewaretoken]`);
  if (!token) return page;
  issued = cookie();
  for (const one of questions.values()) one.elements.csrfmiddlewaretoken.value = token.value;
  return post();
};

const refused = (reason) => { // the copy stays; whoever logged out in another tab has taken it along
  changed = false;
  keep();
  say("unsaved");
  explain(reason);
};

const mark = (position, isAnswered) => {
  const number = numbers[position - 1];
  questions.get(position)?.toggleAttribute("data-answered", isAnswered);
  number.classList.toggle("done", isAnswered);
  number.querySelector("span").hidden = !isAnswered;
};

const heard = async (response) => {
  isCutOff = false;
  if (response.type === "opaqueredirect") return refused("out"); // or without agreement: the button leads to where that is said
  if (response.status === 404) return refused("stranger");
  if (response.status === 403 || response.redirected) return refused("reopen");
  if (response.status === 410) { // handed in elsewhere: the server leads to where that is said
    forget();
    say("over");
    return "out";
  }
  if (response.status === 423) { // not now: time is up but it is not handed in, or the order leads elsewhere
    changed = false;
    keep();
    return say("unsaved");
  }
  if (response.status === 400) { // choices of an older page, say from before an upgrade: never accepted
    refused("outdated");
    return forget();
  }
  const state = await response.json();
  if (response.status === 409) return differ(state.revision);
  if (!response.ok) throw new Error(response.status);
  form.elements.revision.value = state.revision;
  mark(place(form), state.is_answered);
  if (changed) {
    keep();
    return "again";
  }
  forget();
  say("saved");
  return "on";
};

const leave = (button) => { // later: a form that is just being sent is not sent again
  isLeaving = true;
  setTimeout(() => form.requestSubmit(button));
};

const go = (step) => (questions.has(step.to) ? show(step) : leave(step.button));

const goOn = (outcome) => {
  if (outcome === "again") return later(AT_ONCE);
  const step = held;
  held = null;
  if (!step || !outcome) return undefined;
  explain("");
  return outcome === "on" ? go(step) : leave(step.button);
};

const stay = () => {
  changed = isCutOff = true;
  say("waiting");
  later(AT_LATEST);
  if (!held) return;
  if (!questions.has(held.to)) return explain("offline");
  const step = held;
  held = null;
  show(step);
};

const send = async () => {
  if (sending) return sending;
  clearTimeout(timer);
  changed = false;
  changedAt = 0;
  sending = post().then(renew).then(heard).finally(() => { sending = null; }).then(goOn, stay);
  return sending;
};

const later = (milliseconds) => {
  clearTimeout(timer);
  timer = setTimeout(send, milliseconds);
};

const notice = () => {
  changed = true;
  changedAt ||= Date.now();
  keep();
  explain("");
  sayTrying();
  later(Math.min(SOON, Math.max(AT_ONCE, changedAt + AT_LATEST - Date.now())));
};

// One step: to another question, or out by the button that was pressed.
const take = (step) => {
  const isOff = isCutOff || !navigator.onLine;
  if (["reopen", "outdated"].includes(why())) return location.reload();
  if (why() === "out") return leave(step.button);
  if (!changed && !sending && !why() && (questions.has(step.to) || !(isOff || issued !== cookie()))) return go(step);
  if (isOff && !sending && questions.has(step.to)) return show(step);
  held = step;
  changed = true;
  keep();
  sayTrying();
  if (isOff) explain("offline");
  return send();
};

// In the place of the question that was in sight. What of it could not be sent is left to the script that sends the others.
const show = ({ to, isBack }) => {
  const isLeft = changed;
  clearTimeout(timer);
  changed = false;
  form.replaceWith(questions.get(to));
  form = questions.get(to);
  if (!isBack) history.pushState(null, "", form.action);
  document.title = document.title.replace(/\d+/, to);
  for (const [at, number] of numbers.entries()) {
    number.classList.toggle("here", at === to - 1);
    if (at === to - 1) number.setAttribute("aria-current", "step");
    else number.removeAttribute("aria-current");
  }
  explain(isCutOff && !answers.isLasting ? "fragile" : "");
  sayHowItStands();
  form.querySelector("h1").focus();
  scrollTo(0, 0);
  restore();
  if (isLeft) document.dispatchEvent(new CustomEvent("answer-left"));
};

// A copy that the server has not acknowledged is sent again, which is harmless; one of another revision only if the button
// has saved just this.
const restore = async () => {
  const shown = form;
  const copy = await answers.kept(form.dataset.key);
  if (!copy || changed || sending || form !== shown) return;
  const revision = form.elements.revision.value;
  if (copy.revision !== revision && isSame(copy.answer, values())) return forget();
  fill(copy.answer);
  if (copy.revision !== revision) return differ(revision);
  changed = true;
  sayTrying();
  if (!isCutOff) send();
};

const gather = async () => {
  try {
    const page = await (await fetch(form.dataset.all)).text();
    const all = new DOMParser().parseFromString(page, "text/html").querySelectorAll("[data-quiz]");
    for (const one of all) if (!questions.has(place(one))) questions.set(place(one), document.adoptNode(one));
  } catch {
    addEventListener("online", gather, { once: true });
  }
};

const isTouched = (field) => {
  if (!field.options) return field.checked !== field.defaultChecked || field.value !== field.defaultValue;
  return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
};

document.addEventListener("input", ({ target }) => target.form === form && notice());
document.addEventListener("visibilitychange", () => document.hidden && changed && send());
document.addEventListener("answer-sent", ({ detail }) => { // one of the others
  isCutOff = false;
  const other = questions.get(detail.position);
  if (other) other.elements.revision.value = detail.revision;
  mark(detail.position, detail.is_answered);
  say(saying);
});
addEventListener("online", () => changed && send());
document.addEventListener("time-is-up", () => changed && send());
addEventListener("pagehide", () => changed && send());
addEventListener("pageshow", () => { isLeaving = false; });
addEventListener("popstate", () => {
  const to = Number(location.pathname.match(/\/cau\/(\d+)\//)?.[1]);
  if (to === place(form)) return;
  if (questions.has(to)) take({ to, isBack: true });
  else location.reload();
});
addEventListener("click", (event) => {
  const to = numbers.indexOf(event.target.closest(".numbers a")) + 1;
  if (!questions.has(to) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  take({ to });
});
// Before whatever else hears of it: a step is not a form that was sent.
addEventListener("submit", (event) => {
  if (event.target !== form || isLeaving) return;
  event.preventDefault();
  take({ to: place(form) + (event.submitter?.value === "back" ? -1 : 1), button: event.submitter });
}, { capture: true });

sayHowItStands();
if (fields().some(isTouched)) notice(); // sooner than this script was there
else restore();
if (form.dataset.all) gather(); // where the order is fixed, the next question comes with its own page
