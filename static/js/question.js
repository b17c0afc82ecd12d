// A question in sight: its answer is saved a moment after it changes. Until the server has it a copy stays on this device.
// Its page hears what is to be said of it (`say`, `explain`) and what came of each sending (`heard`).
import * as answers from "./answers.js";
import { isOff, isSame, send } from "./sender.js";
import { mark } from "./saying.js";

const MANY = 10; // an essay is long
const AT_ONCE = 0, SOON = 1200, AT_LATEST = 4000; // milliseconds

// As the server gave it, before any script changed it. Kept for when it is opened anew without a network, once there is nothing
// better to do.
const page = document.querySelector(".prose");
const given = {
  title: document.title, bar: document.querySelector(".bar-top .wrap").innerHTML, page: page?.outerHTML, login: answers.login(),
};

export const keepPage = (all = "") => {
  if (!navigator.serviceWorker) return;
  const work = () => import("./keeping.js").then(({ keep }) => keep(page.dataset, { ...given, all })).catch(() => {});
  (globalThis.requestIdleCallback ?? setTimeout)(work);
};

const isTouched = (field) => {
  if (!field.options) return field.checked !== field.defaultChecked || field.value !== field.defaultValue;
  return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
};

export class Question {
  changed = false;
  changedAt = 0;
  sending = null;
  unheard = []; // what was sent and never acknowledged
  kind = "nothing";
  why = ""; // it was refused

  constructor(box, key, page) {
    Object.assign(this, { box, key, page, position: answers.place(key) });
    this.revision = box.querySelector("[name^=revision]");
    this.name = this.revision.name.replace("revision", "answer");
    if ("answered" in box.dataset) this.kind = "saved";
  }

  fields() { return [...this.box.querySelectorAll(`[name="${this.name}"]`)]; }

  values() { return new FormData(this.revision.form).getAll(this.name); }

  copy() { return { answer: this.values(), revision: this.revision.value, unheard: this.unheard }; }

  keep() { answers.keep(this.key, this.copy()); }

  forget() { answers.forget(this.key); }

  isPending() { return this.changed || this.sending || this.why; }

  say(kind) {
    this.kind = kind;
    this.page.say(this);
  }

  sayTrying() { this.say(isOff() ? "waiting" : "saving"); }

  explain(why) {
    this.why = why;
    this.page.explain(this);
  }

  rest() {
    clearTimeout(this.timer);
    this.changed = false;
    this.changedAt = 0;
  }

  send() {
    if (this.sending) return;
    this.rest();
    const copy = this.copy();
    this.unheard = [...this.unheard, copy.answer].slice(-MANY);
    this.sending = send(this.key, copy).then((outcome) => {
      this.sending = null;
      if (outcome.kind !== "later") this.unheard = [];
      this[outcome.kind](outcome);
      this.page.heard(this, outcome.kind);
    });
  }

  sendIn(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), milliseconds);
  }

  saved({ revision, is_answered: isAnswered }) {
    this.revision.value = revision;
    mark(this.position, { done: isAnswered });
    this.box.toggleAttribute("data-answered", isAnswered);
    this.explain("");
    if (this.changed) {
      this.keep();
      return this.sendIn(AT_ONCE);
    }
    this.forget();
    return this.say("saved");
  }

  later() {
    this.changed = true;
    this.say("waiting");
    this.sendIn(AT_LATEST);
  }

  // Answered elsewhere meanwhile: what was chosen here stays in sight, and only a deliberate next step saves it.
  elsewhere({ revision, is_answered: isAnswered }) {
    this.rest();
    if (isAnswered !== undefined) mark(this.position, { done: isAnswered });
    this.revision.value = revision;
    this.forget();
    this.explain("elsewhere");
    this.say("unsaved");
  }

  over() { // handed in elsewhere: the server leads to where that is said, and there what came too late is told of (finished.js)
    this.rest();
    this.say("over");
  }

  revealed() { // in another window of a practice: it stays as it was answered there, and the attempt goes on
    this.rest();
    this.forget();
    this.say("revealed");
  }

  refused({ why }) {
    this.rest();
    if (why === "outdated") this.forget(); // choices of an older page, say from before an upgrade: never accepted
    else this.keep();
    this.explain(why);
    this.say("unsaved");
  }

  notice() {
    this.changed = true;
    this.changedAt ||= Date.now();
    this.keep();
    this.sayTwice();
    this.explain("");
    this.sayTrying();
    this.sendIn(Math.min(SOON, Math.max(AT_ONCE, this.changedAt + AT_LATEST - Date.now())));
  }

  // Once more, whatever came of it before: the person wants to go on.
  insist() {
    this.changed = true;
    this.keep();
    this.explain("");
    this.sayTrying();
    this.send();
  }

  // Steps to be put in order: two of them may stand at the same place for a moment, while somebody swaps them.
  sayTwice() {
    const line = this.box.querySelector("[data-twice]");
    const taken = line ? this.values().filter(Boolean).map((value) => value.split(":")[1]) : [];
    if (line) line.hidden = new Set(taken).size === taken.length;
  }

  begin() { // it may have been answered sooner than the script was there
    if (this.fields().some(isTouched)) this.notice();
    else this.restore();
  }

  // A copy that the server has not acknowledged is sent again, which is harmless; one of another revision only if the button
  // has saved just this.
  async restore() {
    const copy = await answers.kept(this.key);
    if (!copy || this.isPending() || !this.box.isConnected) return;
    const revision = this.revision.value;
    if (copy.revision !== revision && isSame(copy.answer, this.values())) return void this.forget();
    const { unheard = [] } = copy;
    const follows = copy.revision === revision || unheard.some((one) => isSame(one, this.values()));
    this.fill(copy.answer);
    if (!follows) return void this.elsewhere({ revision });
    this.unheard = unheard;
    this.changed = true;
    this.sayTrying();
    if (isOff()) this.sendIn(AT_LATEST);
    else this.send();
  }

  fill(answer) {
    for (const [at, field] of this.fields().entries()) {
      if (field.matches("[type=radio], [type=checkbox]")) field.checked = answer.includes(field.value);
      else field.value = answer[at] ?? "";
    }
  }
}
