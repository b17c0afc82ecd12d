// A whole quiz on one page: each answer is saved by itself a moment after it changes and when the page is left, at the address and
// with the copies on this device of its own question, as where each has its page (quiz.js). "Đã lưu" is said only after the
// server's answer, "Đang chờ gửi" only once it could not be sent. What leads out of the page waits until all is saved. Without
// this script the button saves.
const form = document.querySelector("[data-whole]");
const status = document.querySelector("[data-status]");
const answers = await import(form.dataset.store);
const AT_ONCE = 0, SOON = 1200, AT_LATEST = 4000; // milliseconds
const PATIENCE = 10_000; // then a network counts as gone
const OF_ONE = ["elsewhere"]; // is said at its question; the rest concerns the page, and is said above its button
const sentences = form.querySelector("template").content;
const [person, attempt, , started] = form.dataset.key.split("-");
let isCutOff = false;
let isGoing = false; // the button was pressed
let isLeaving = false;

const cookie = () => document.cookie.match(/csrftoken=(\w+)/)?.[1];
let issued = cookie(); // changes with every log-in, and makes this form's token void

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const isTouched = (field) => {
  if (!field.options) return field.checked !== field.defaultChecked || field.value !== field.defaultValue;
  return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
};

// Once for all questions that were refused with it. This page's own address gives a new token to whoever the attempt belongs
// to; anybody else finds nothing there, and no answer goes out under that name.
let renewal = null;
const renewed = async () => {
  const page = await fetch(form.action);
  const found = new DOMParser().parseFromString(await page.text(), "text/html");
  const token = found.querySelector(`[data-key="${form.dataset.key}"] [name=csrfmiddlewaretoken]`);
  if (!token) return page;
  issued = cookie();
  form.elements.csrfmiddlewaretoken.value = token.value;
  return null;
};

class Question {
  changed = false;
  changedAt = 0;
  sending = null;
  kind = "nothing";
  why = "";

  constructor(box) {
    this.box = box;
    this.position = Number(box.dataset.question);
    this.key = `${person}-${attempt}-${this.position}-${started}`;
    this.number = document.querySelector(`.numbers [href="#cau-${this.position}"]`);
    this.revision = form.elements[`revision-${this.position}`];
    if ("answered" in box.dataset) this.kind = "saved";
  }

  fields() { return [...this.box.querySelectorAll(`[name="answer-${this.position}"]`)]; }

  values() { return new FormData(form).getAll(`answer-${this.position}`); }

  isPending() { return this.changed || this.sending || this.why; }

  keep() { answers.keep(this.key, { answer: this.values(), revision: this.revision.value }); }

  forget() { answers.forget(this.key); }

  say(kind) {
    this.kind = kind;
    const state = this.box.querySelector("[data-state]");
    state.textContent = status.dataset[kind] ?? "";
    state.className = `status status--${["saved", "saving"].includes(kind) ? kind : "waiting"}`;
    this.number.classList.toggle("waiting", kind === "waiting");
    this.number.querySelector("span").hidden = kind === "waiting" || !this.number.classList.contains("done"); // "đã lưu"
    sayOfAll();
  }

  explain(why) {
    this.why = why;
    this.box.querySelector("[data-here]").replaceChildren(...(OF_ONE.includes(why) ? [sentence(why)] : []));
    if (why) this.box.querySelector(":scope > .message")?.remove(); // what the page brought along
  }

  fill(answer) {
    for (const [at, field] of this.fields().entries()) {
      if (field.matches("[type=radio], [type=checkbox]")) field.checked = answer.includes(field.value);
      else field.value = answer[at] ?? "";
    }
  }

  body() {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("revision", this.revision.value);
    for (const value of this.values()) data.append("answer", value);
    return data;
  }

  post() {
    const signal = AbortSignal.timeout?.(PATIENCE);
    return fetch(this.box.dataset.address, { method: "POST", body: this.body(), keepalive: true, redirect: "manual", signal });
  }

  async arrived() {
    const response = await this.post();
    if (response.status !== 403) return response;
    renewal ??= renewed().finally(() => { renewal = null; });
    return (await renewal) ?? this.post();
  }

  send() {
    if (this.sending) return this.sending;
    clearTimeout(this.timer);
    this.changed = false;
    this.changedAt = 0;
    this.sending = this.arrived().then((response) => this.heard(response)).catch(() => this.stay());
    return this.sending.finally(() => {
      this.sending = null;
      goOn();
    });
  }

  stay() {
    this.changed = isCutOff = true;
    this.say("waiting");
    this.later(AT_LATEST);
  }

  // Answered elsewhere meanwhile: what was chosen here stays in sight, and only the button saves it.
  differ(theirs) {
    this.changed = false;
    this.revision.value = theirs;
    this.forget();
    this.explain("elsewhere");
    this.say("unsaved");
  }

  refused(why) { // the copy stays; whoever logged out in another tab has taken it along
    this.changed = false;
    this.keep();
    this.explain(why);
    this.say("unsaved");
  }

  async heard(response) {
    isCutOff = false;
    if (response.type === "opaqueredirect") return this.refused("out"); // or without agreement: the button leads to where that is said
    if (response.status === 404) return this.refused("stranger");
    if (response.status === 403 || response.redirected) return this.refused("reopen");
    if (response.status === 423) return this.refused("not now"); // time is up: the clock leads to where that is said
    if (response.status === 410) { // handed in elsewhere: the server leads to where that is said
      this.forget();
      return this.say("over");
    }
    if (response.status === 400) { // choices of an older page, say from before an upgrade: never accepted
      this.refused("outdated");
      return this.forget();
    }
    const state = await response.json();
    if (response.status === 409) return this.differ(state.revision);
    if (!response.ok) throw new Error(response.status);
    this.revision.value = state.revision;
    this.number.classList.toggle("done", state.is_answered);
    this.explain("");
    if (this.changed) {
      this.keep();
      return this.later(AT_ONCE);
    }
    this.forget();
    return this.say("saved");
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), milliseconds);
  }

  notice() {
    this.changed = true;
    this.changedAt ||= Date.now();
    this.keep();
    this.explain("");
    this.say(navigator.onLine ? "saving" : "waiting");
    this.later(Math.min(SOON, Math.max(AT_ONCE, this.changedAt + AT_LATEST - Date.now())));
  }

  // A copy that the server has not acknowledged is sent again, which is harmless; one of another revision only if the button
  // has saved just this.
  async restore() {
    if (this.fields().some(isTouched)) return this.notice(); // sooner than this script was there
    const copy = await answers.kept(this.key);
    if (!copy || this.isPending()) return undefined;
    const revision = this.revision.value;
    if (copy.revision !== revision && isSame(copy.answer, this.values())) return this.forget();
    this.fill(copy.answer);
    if (copy.revision !== revision) return this.differ(revision);
    this.changed = true;
    this.say("saving");
    return this.send();
  }
}

const questions = [...form.querySelectorAll("[data-question]")].map((box) => new Question(box));
const changed = () => questions.filter((one) => one.changed);
const sendChanged = () => { for (const one of changed()) one.send(); };

function sentence(why) {
  const shown = sentences.querySelector(`[data-when="${why}"]`).cloneNode(true);
  shown.hidden = false;
  return shown;
}

function sayOfAll() {
  const kinds = questions.map((one) => one.kind);
  const kind = ["over", "unsaved", "waiting", "saving", "saved"].find((one) => kinds.includes(one)) ?? "nothing";
  const count = kinds.filter((one) => one === "waiting").length;
  const said = (status.dataset[kind] ?? "") + (kind === "waiting" ? ` (${count})` : "");
  if (status.textContent !== said) status.textContent = said; // it is read out
  status.className = `status status--${["saved", "saving"].includes(kind) ? kind : "waiting"}`;
  sayAtTheFoot();
}

const whyHere = () => questions.map((one) => one.why).find((why) => sentences.querySelector(`[data-when="${why}"]`) && !OF_ONE.includes(why));

function sayAtTheFoot() {
  const why = whyHere() ?? (isGoing && isCutOff ? "offline" : "");
  const isFragile = !answers.isLasting && (isCutOff || ["out", "reopen"].includes(why));
  const shown = isFragile ? "fragile" : why;
  const foot = form.querySelector("[data-foot]");
  if ((foot.firstElementChild?.dataset.when ?? "") !== shown) foot.replaceChildren(...(shown ? [sentence(shown)] : []));
}

const leave = () => { // later: a form that is just being sent is not sent again
  isLeaving = true;
  setTimeout(() => form.requestSubmit());
};

// After each answer of the server: out of the page once nothing is left, else to what holds it back.
function goOn() {
  sayAtTheFoot();
  if (!isGoing || questions.some((one) => one.sending)) return;
  const back = questions.find((one) => one.why);
  if (back) {
    isGoing = false;
    (back.box.querySelector("[data-when]") ?? form.querySelector("[data-foot]")).scrollIntoView({ block: "nearest" });
  } else if (!changed().length) {
    leave();
  }
}

// What would lead to the browser's own error page asks the network first, by saving once more.
const isDoubtful = () => isCutOff || !navigator.onLine || issued !== cookie();

const go = () => {
  if (questions.some((one) => ["reopen", "outdated"].includes(one.why))) return location.reload();
  if (questions.some((one) => ["out", "not now"].includes(one.why))) return leave();
  isGoing = true;
  const open = questions.filter((one) => one.isPending());
  if (!open.length && !isDoubtful()) return leave();
  for (const one of open.length ? open : questions.slice(0, 1)) {
    one.changed = true;
    one.keep();
    one.explain("");
    one.say(navigator.onLine ? "saving" : "waiting");
    one.send();
  }
  return undefined;
};

document.addEventListener("input", ({ target }) => {
  isGoing = false;
  questions.find((one) => one.box.contains(target))?.notice();
});
document.addEventListener("visibilitychange", () => document.hidden && sendChanged());
document.addEventListener("time-is-up", sendChanged);
addEventListener("online", sendChanged);
addEventListener("pagehide", sendChanged);
addEventListener("pageshow", () => { isLeaving = false; });
// Before whatever else hears of it: a step is not a form that was sent.
addEventListener("submit", (event) => {
  if (event.target !== form || isLeaving) return;
  event.preventDefault();
  go();
}, { capture: true });

sayOfAll();
for (const one of questions) one.restore();
