// Answers to other questions of an attempt that could not be sent from this device go out from whichever page of it is open.
// One that was also answered elsewhere stays here until its own question is opened, where the person decides. Handing in waits
// until each was answered by the server, and then goes on by itself; without one that was answered elsewhere, or at which the
// server fails again and again, only once the person was told and presses anew.
import * as answers from "./answers.js";
import { say } from "./saying.js";
import { isSame, send, sign } from "./sender.js";

const form = () => document.querySelector("[data-key]");
const isHandingIn = !form().matches("[data-quiz]");
const AGAIN = 8000; // milliseconds
let isSending = false;
let isWanted = false; // "Nộp bài" was pressed
let isGoing = false; // and nothing is left to wait for
const told = new Set(); // positions of what it will go without
const FAULTS = 3; // at the same answer are no accident
const faults = new Map();
let timer;

const others = async () => {
  const { key } = form().dataset;
  return (await answers.ofAttempt(key)).filter((other) => other !== key);
};

const isStuck = (key) => faults.get(key) >= FAULTS;

const isDone = ({ kind, why }) => ["saved", "revealed"].includes(kind) || why === "outdated";

const sendOne = async (key) => {
  const copy = await answers.kept(key);
  if (!copy || copy.isDisputed) return "";
  const heard = await send(key, copy);
  if (heard.isFault) faults.set(key, (faults.get(key) ?? 0) + 1);
  if (isSame(await answers.kept(key), copy)) { // else its question is in sight again
    if (isDone(heard)) await answers.forget(key);
    else if (heard.kind === "elsewhere") await answers.keep(key, { ...copy, isDisputed: true });
  }
  document.dispatchEvent(new CustomEvent("answer-heard", { detail: { ...heard, position: answers.place(key) } }));
  if (!heard.isFault) return heard.kind;
  return isStuck(key) ? "stuck" : "fault"; // the others can be sent all the same
};

const isToCome = (kind) => ["later", "fault"].includes(kind);

const nameThem = (box, positions) => {
  box.hidden = !positions.length;
  box.querySelector("span").textContent = positions.sort((one, other) => one - other).join(", ");
};

// What cannot be saved as things are, by position; new ones were not told of before.
const sayHowItStands = async () => {
  const { key } = form().dataset;
  const { length } = await answers.waitingOf(key);
  const disputed = await answers.disputedOf(key);
  const stuck = [...faults.keys()].filter(isStuck).map(answers.place);
  nameThem(document.querySelector("[data-disputed]"), disputed);
  nameThem(document.querySelector("[data-stuck]"), stuck);
  if (length) say("waiting", length);
  else say(disputed.length ? "unsaved" : "saved");
  const isNew = [...disputed, ...stuck].some((position) => !told.has(position));
  for (const position of [...disputed, ...stuck]) told.add(position);
  return isNew;
};

// On the page for handing in: goes on once nothing waits, or counts anew what is missing, or leads to the result of what is over.
const goOn = async (kinds) => {
  const isNew = await sayHowItStands();
  if (isNew && isWanted) {
    isWanted = false;
    document.querySelector("[data-unsent]").hidden = true;
  }
  isGoing = isWanted && navigator.onLine && !kinds.some(isToCome);
  if (isGoing) form().requestSubmit();
  else if (!isWanted && !isNew && kinds.some((kind) => ["saved", "over"].includes(kind))) location.reload();
};

const sendAll = async () => {
  if (isSending) return;
  isSending = true;
  clearTimeout(timer);
  const kinds = [];
  for (const key of await others()) if (!kinds.includes("later")) kinds.push(await sendOne(key));
  isSending = false;
  if (kinds.some(isToCome)) timer = setTimeout(sendAll, AGAIN);
  if (isHandingIn) await goOn(kinds);
};

if (isHandingIn) {
  form().addEventListener("submit", async (event) => {
    if (isGoing) return sign(form());
    event.preventDefault();
    isWanted = true;
    sendAll();
    document.querySelector("[data-unsent]").hidden = navigator.onLine && !(await answers.waitingOf(form().dataset.key)).length;
    return undefined;
  });
}
addEventListener("pageshow", ({ persisted }) => { if (persisted) isWanted = isGoing = false; });
addEventListener("online", sendAll);
document.addEventListener("answer-left", sendAll);
sendAll();
