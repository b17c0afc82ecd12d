// Answers to other questions of an attempt that could not be sent from this device go out from whichever page of it is open.
// One that was also answered elsewhere stays here until its own question is opened, where the person decides. Handing in waits
// until each was answered by the server, and then goes on by itself.
import * as answers from "./answers.js";
import { say } from "./saying.js";
import { isSame, send, sign } from "./sender.js";

const form = () => document.querySelector("[data-key]");
const isHandingIn = !form().matches("[data-quiz]");
const AGAIN = 8000; // milliseconds
let isSending = false;
let isWanted = false; // "Nộp bài" was pressed
let isGoing = false; // and nothing is left to wait for
let timer;

const others = async () => {
  const { key } = form().dataset;
  return (await answers.ofAttempt(key)).filter((other) => other !== key);
};

const isDone = ({ kind, why }) => ["saved", "over"].includes(kind) || why === "outdated";

const sendOne = async (key) => {
  const copy = await answers.kept(key);
  if (!copy) return "";
  const heard = await send(key, copy);
  if (isSame(await answers.kept(key), copy)) { // else its question is in sight again
    if (isDone(heard)) await answers.forget(key);
    else if (heard.kind === "elsewhere") await answers.keep(key, { ...copy, isDisputed: true });
  }
  if (heard.kind === "saved") document.dispatchEvent(new CustomEvent("answer-sent", { detail: { ...heard, position: answers.place(key) } }));
  return heard.kind;
};

const sayWaiting = async () => {
  const { length } = await answers.waitingOf(form().dataset.key);
  say(length ? "waiting" : "saved", length);
};

// On the page for handing in: goes on once nothing waits, or counts anew what is missing.
const goOn = async (kinds) => {
  await sayWaiting();
  isGoing = isWanted && navigator.onLine && !kinds.includes("later");
  if (isGoing) form().requestSubmit();
  else if (!isWanted && kinds.includes("saved")) location.reload();
};

const sendAll = async () => {
  if (isSending) return;
  isSending = true;
  clearTimeout(timer);
  const kinds = [];
  for (const key of await others()) if (!kinds.includes("later")) kinds.push(await sendOne(key));
  isSending = false;
  if (kinds.includes("later")) timer = setTimeout(sendAll, AGAIN);
  if (isHandingIn) await goOn(kinds);
};

if (isHandingIn) {
  form().addEventListener("submit", async (event) => {
    if (isGoing) return sign(form());
    event.preventDefault();
    isWanted = true;
    sendAll();
    document.querySelector("[data-unsent]").hidden = navigator.onLine && !(await others()).length;
    return undefined;
  });
}
addEventListener("pageshow", ({ persisted }) => { if (persisted) isWanted = isGoing = false; });
addEventListener("online", sendAll);
document.addEventListener("answer-left", sendAll);
sendAll();
