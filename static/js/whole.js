// A whole quiz on one page: each answer is saved by itself, at the address and with the copies on this device of its own question,
// as where each has its page (quiz.js). What leads out of the page waits until all is saved. Without this script the button saves.
import * as answers from "./answers.js";
import { keepPage, Question } from "./question.js";
import { mark, say, sentenceFor } from "./saying.js";
import { isDoubtful, isOff, sign } from "./sender.js";

const form = document.querySelector("[data-whole]");
const foot = form.querySelector("[data-foot]");
const sentences = form.querySelector("template").content;
const { key } = form.dataset;
const OF_ONE = ["elsewhere"]; // is said at its question; the rest concerns the page, and is said above its button
const SAID_FIRST = ["over", "unsaved", "waiting", "saving", "saved"];
let shown = ""; // the sentence above the button
let isGoing = false; // the button was pressed
let isLeaving = false;

const sentence = (why) => {
  const copy = sentences.querySelector(`[data-when="${why}"]`)?.cloneNode(true);
  copy?.removeAttribute("hidden");
  return copy ? [copy] : [];
};

const sayAtTheFoot = () => {
  const why = questions.map((one) => one.why).find((one) => one && !OF_ONE.includes(one));
  const now = sentenceFor(why ?? (isGoing && isOff() ? "offline" : ""), key);
  if (now !== shown) foot.replaceChildren(...sentence(now));
  shown = now;
};

const sayOfAll = () => {
  const kinds = questions.map((one) => one.kind);
  const kind = SAID_FIRST.find((one) => kinds.includes(one)) ?? "nothing";
  say(kind, kind === "waiting" ? kinds.filter((one) => one === "waiting").length : 0);
  sayAtTheFoot();
};

const leave = () => { // later: a form that is just being sent is not sent again
  isLeaving = true;
  sign(form);
  setTimeout(() => form.requestSubmit());
};

const page = {
  say({ box, kind, position }) {
    say(kind, 0, box.querySelector("[data-state]"));
    mark(position, { waiting: kind === "waiting" });
    sayOfAll();
  },
  explain({ box, why }) {
    box.querySelector("[data-here]").replaceChildren(...(OF_ONE.includes(why) ? sentence(why) : []));
    if (why) box.querySelector(":scope > .message")?.remove(); // what the page brought along
  },
  // Out of the page once nothing is left, else to what holds it back.
  heard() {
    sayAtTheFoot();
    if (!isGoing || questions.some((one) => one.sending)) return;
    const back = questions.find((one) => one.why);
    if (back) {
      isGoing = false;
      (back.box.querySelector("[data-when]") ?? foot).scrollIntoView({ block: "nearest" });
    } else if (!questions.some((one) => one.changed)) {
      leave();
    }
  },
};

const questions = [...form.querySelectorAll("[data-question]")].map(
  (box) => new Question(box, answers.keyAt(key, box.dataset.question), page),
);

const go = () => {
  if (["reopen", "outdated"].includes(shown)) return location.reload();
  if (["out", "not now"].includes(shown)) return leave();
  const open = questions.filter((one) => one.isPending());
  if (!open.length && !isDoubtful()) return leave();
  isGoing = true;
  for (const one of open.length ? open : questions.slice(0, 1)) one.insist();
  return undefined;
};

const sendChanged = () => { for (const one of questions) if (one.changed) one.send(); };

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

answers.isBack(key);
sayOfAll();
for (const one of questions) one.begin();
if (!document.querySelector("[data-others]")) keepPage();
