// One question after another: the others are fetched once, so that a step needs no network. A step comes after the answer was
// saved, or where the network is gone with a copy on this device, which waiting.js sends; what leads out of the questions
// waits for the network. Without this script the buttons save.
import * as answers from "./answers.js";
import { keepPage, Question } from "./question.js";
import { mark, numbers, point, say, sentenceFor } from "./saying.js";
import { isDoubtful, isOff, sign } from "./sender.js";

let held = null; // the step that waits
let shown = ""; // the sentence that tells why
let isLeaving = false;

let waiting = new Set(), disputed = new Set(); // positions

const tell = (kind) => {
  const isWell = ["saved", "nothing"].includes(kind);
  if (waiting.size && (isWell || kind === "waiting")) say("waiting", waiting.size);
  else if (disputed.size && isWell) say("unsaved", disputed.size);
  else say(kind);
};

// The numbers and the count are those of all answers of this attempt that wait, for the network or for their person. The browser
// tells them a moment later, on a slow phone a long one: until then nothing that is on its way is called saved.
const sayHowItStands = async () => {
  const { key, kind, position } = here;
  if (kind === "waiting") waiting.add(position);
  if (!["saved", "nothing"].includes(kind)) tell(kind);
  const found = await Promise.all([answers.waitingOf(key), answers.disputedOf(key)]);
  if (here.key !== key || here.kind !== kind) return;
  [waiting, disputed] = found.map((positions) => new Set(positions));
  for (const at of numbers.keys()) mark(at + 1, { waiting: waiting.has(at + 1) || disputed.has(at + 1) });
  tell(kind);
};

const explain = () => {
  const before = shown;
  shown = sentenceFor(here.why || (held && isOff() ? "offline" : ""), here.key);
  for (const sentence of here.box.querySelectorAll("[data-when]")) sentence.hidden = sentence.dataset.when !== shown;
  if (shown !== before) here.box.querySelector("[data-when]:not([hidden])")?.scrollIntoView({ block: "nearest" });
};

const leave = (button) => { // later: a form that is just being sent is not sent again
  isLeaving = true;
  sign(here.box);
  setTimeout(() => here.box.requestSubmit(button));
};

// Without a page. Once the attempt is over each step leads to its result.
const isNear = ({ to }) => here.kind !== "over" && questions.has(to);

const go = (step) => {
  if (isNear(step)) show(step);
  else if (step.href) location.assign(step.href);
  else leave(step.button);
};

const goOn = (kind) => {
  const isKept = kind === "later" && questions.has(held?.to);
  if (!isKept && here.changed) return explain(); // it is sent again
  const step = held;
  held = null;
  explain();
  if (step && (isKept || kind === "saved")) go(step);
  else if (step && ["over", "revealed"].includes(kind)) leave(step.button);
};

const page = {
  say: (question) => question === here && sayHowItStands(),
  explain: (question) => question === here && explain(),
  heard: (question, kind) => question === here && goOn(kind),
};

const start = document.querySelector("[data-quiz]");
let here = new Question(start, start.dataset.key, page);
const questions = new Map([[here.position, here]]);

// One step: to another question, or out by the button that was pressed.
const take = (step) => {
  if (["reopen", "outdated"].includes(shown)) return location.reload();
  if (["out", "not now"].includes(shown)) return leave(step.button);
  if (!here.isPending() && (isNear(step) || !isDoubtful())) return go(step);
  if (isOff() && !here.sending && isNear(step)) return show(step);
  held = step;
  return here.insist();
};

// In the place of the question that was in sight. What of it could not be sent is left to the script that sends the others.
const show = ({ to, isBack }) => {
  const left = here;
  const isLeft = left.changed;
  left.rest();
  here = questions.get(to);
  left.box.replaceWith(here.box);
  if (!isBack) history.pushState(null, "", here.box.action);
  document.title = document.title.replace(/\d+/, to);
  for (const link of document.querySelectorAll("[hreflang]")) link.href = link.href.replace(/\/cau\/\d+\//, `/cau/${to}/`);
  point(to);
  explain();
  sayHowItStands();
  here.box.querySelector("h1").focus();
  scrollTo(0, 0);
  here.restore();
  if (isLeft) document.dispatchEvent(new CustomEvent("answer-left"));
};

const add = (found) => {
  for (const box of found.querySelectorAll("[data-quiz]")) {
    const position = answers.place(box.dataset.key);
    if (!questions.has(position)) questions.set(position, new Question(document.adoptNode(box), box.dataset.key, page));
  }
};

let isGathered = false;

// An error page, or the one for logging in, holds no questions.
const gather = async () => {
  if (isGathered) return;
  const response = await fetch(start.dataset.all).catch(() => ({}));
  if (!response.ok || response.redirected) return;
  const all = await response.text().catch(() => "");
  if (!all) return;
  isGathered = true;
  add(new DOMParser().parseFromString(all, "text/html"));
  keepPage(all);
};

const gatherUntilAllAreThere = () => {
  addEventListener("online", gather);
  document.addEventListener("server-said", ({ detail }) => detail.kind === "saved" && gather());
  gather();
};

const sendChanged = () => here.changed && here.send();

document.addEventListener("input", ({ target }) => target.form === here.box && here.notice());
document.addEventListener("visibilitychange", () => document.hidden && sendChanged());
document.addEventListener("time-is-up", sendChanged);
document.addEventListener("answer-heard", ({ detail }) => { // one of the others
  if (detail.kind === "over") return here.over();
  const other = questions.get(detail.position);
  if (detail.kind === "saved") {
    if (other) Object.assign(other, { kind: "saved", unheard: [] }).revision.value = detail.revision;
    mark(detail.position, { done: detail.is_answered });
  }
  return sayHowItStands();
});
addEventListener("online", sendChanged);
addEventListener("pagehide", sendChanged);
addEventListener("pageshow", () => { isLeaving = false; });
addEventListener("popstate", () => {
  const to = Number(location.pathname.match(/\/cau\/(\d+)\//)?.[1]);
  if (to === here.position) return;
  if (questions.has(to)) take({ to, isBack: true });
  else location.reload();
});
addEventListener("click", (event) => {
  const link = event.target.closest(".numbers a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const to = numbers.indexOf(link) + 1;
  if (!questions.has(to) && !isOff()) return; // its own page
  event.preventDefault();
  take({ to, href: link.href });
});
// Before whatever else hears of it: a step is not a form that was sent.
addEventListener("submit", (event) => {
  if (event.target !== here.box || isLeaving) return;
  event.preventDefault();
  take({ to: here.position + (event.submitter?.value === "back" ? -1 : 1), button: event.submitter });
}, { capture: true });

answers.isBack(here.key);
sayHowItStands();
here.begin();
const kept = document.querySelector("[data-others]"); // the page itself was (offline.js)
if (kept) add(kept.content);
else if (start.dataset.all) gatherUntilAllAreThere(); // in practice, and where the order is fixed, the next question comes with its own page
