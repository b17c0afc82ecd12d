// The shell that the worker shows where the network fails a page of a quiz: puts the kept page of its attempt into itself, with what
// the server and this device have of the answers, and lets the page's own scripts go on with it. When the network is
// back and nothing waits any more, it makes room for the real page.
import * as answers from "./answers.js";
import { find, forgetAttempt } from "./kept.js";

const AFTER = 1000; // milliseconds: what was just saved is still being tidied up
const AGAIN = 8000 + 4000 * Math.random(); // not a whole class in the same moment
const SOON = AGAIN / 4; // where the device says that it is online
const DOUBLINGS = 5; // to some minutes
const BUSY = 500;
const [, attempt, rest] = location.pathname.match(/\/luot\/(\d+)\/(.*)$/) ?? [];
const root = document.documentElement;
const cookie = (name) => document.cookie.match(`(?:^|; )${name}=(\\w+)`)?.[1] ?? "";
const shell = document.querySelector("[data-shell]").dataset.shell;
const part = (name) => document.querySelector(`[data-case="${name}"]`);

const tell = (name) => { for (const one of document.querySelectorAll("[data-case]")) one.hidden = one !== part(name); };

const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

// What the server has, as if it had just given the page.
const settle = (box, { answer, revision, is_answered: isAnswered }) => {
  const field = box.querySelector("[name^=revision]");
  if (Number(revision) < Number(field.value)) return;
  field.value = revision;
  box.toggleAttribute("data-answered", isAnswered);
  for (const [nth, one] of box.querySelectorAll(`[name="${field.name.replace("revision", "answer")}"]`).entries()) {
    if (one.matches("[type=radio], [type=checkbox]")) one.defaultChecked = answer.includes(one.value);
    else if (one.options) for (const option of one.options) option.defaultSelected = option.value === answer[nth];
    else one.defaultValue = answer[nth] ?? "";
  }
};

const boxes = (page) => [...page.querySelectorAll("[data-quiz], [data-question]")];
const at = (box) => Number(box.dataset.question ?? answers.place(box.dataset.key));

const sayOfOne = (box, status) => {
  const line = box.querySelector("[data-state]");
  const isSaved = box.hasAttribute("data-answered");
  if (line) Object.assign(line, { textContent: isSaved ? status.dataset.saved : "", className: `status${isSaved ? " status--saved" : ""}` });
};

// The question whose address this is comes into its place, the others where quiz.js looks for them.
const choose = (main, others, position) => {
  const asked = others.find((box) => at(box) === position) ?? others[0];
  main.querySelector("[data-quiz]").replaceWith(asked);
  main.querySelector("[data-others]").content.append(...others.filter((box) => box !== asked));
  return at(asked);
};

const setClock = (main, { end, ahead }) => {
  const now = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0) + ahead;
  Object.assign(main.querySelector("[data-clock]").dataset, { clock: end, now: new Date(now).toISOString() });
};

const build = ({ page, stored }) => {
  const main = parsed(page.page).querySelector(".prose");
  const all = page.all ? parsed(page.all).body : main;
  const asked = boxes(all);
  for (const box of asked) if (stored.has(at(box))) settle(box, stored.get(at(box)));
  main.append(document.createElement("template"));
  main.lastChild.dataset.others = "";
  const here = page.all && choose(main, asked, Number(rest.match(/^cau\/(\d+)\//)?.[1] ?? 1));
  document.querySelector(".bar-top .wrap").innerHTML = page.bar;
  const status = document.querySelector("[data-status]");
  Object.assign(status, { textContent: "", className: "status" });
  for (const box of asked) sayOfOne(box, status);
  if (page.clock) setClock(main, page.clock);
  document.title = here ? page.title.replace(/\d+/, here) : page.title;
  main.prepend(part("kept"));
  document.querySelector("[data-shell]").replaceWith(main);
  return { asked, here };
};

const isOver = ({ clock }) => clock && Date.parse(clock.end) <= Date.now() + clock.ahead;

const session = (work) => { try { return work(sessionStorage); } catch { return null; } }; // may be closed

// A server that answers and yet fails the page is asked half as often after each reload that ended here again. A real page
// begins anew (sender.js), and so does whoever loads it by hand.
const reloads = Number(session((all) => all.getItem("reloads")));
session((all) => all.removeItem("reloads"));
const patience = 2 ** Math.min(reloads, DOUBLINGS);

const reload = () => {
  session((all) => all.setItem("reloads", reloads + 1));
  location.reload();
};

const isWriting = () => document.activeElement?.matches("textarea, select, input:not([type=radio], [type=checkbox])");

const isReachable = async () => {
  if (!navigator.onLine) return false;
  const asked = fetch(shell, { method: "HEAD", cache: "no-store" }); // which costs a busy server nothing
  return asked.then(({ status }) => status < BUSY, () => false);
};

let held = ""; // the key of the page whose answers are in the way, while its attempt runs
let timer;

// A choice that is in sight alone, or answers that wait.
const isHeldBack = async () => held && (document.querySelector("[data-when]:not([hidden])") || (await answers.waitingOf(held)).length);

// Not under the fingers of somebody who writes. A phone calls itself online before its network carries anything, so this asks.
const goBackIn = (milliseconds) => {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const isFree = !document.hidden && !isWriting() && !(await isHeldBack());
    if (isFree && await isReachable()) reload();
    else goBackIn(isFree && navigator.onLine ? SOON : AGAIN);
  }, milliseconds * patience);
};

// Once the attempt is over, what waits is told of with its result (finished.js).
const soon = ({ detail }) => {
  if (detail?.kind === "over") held = "";
  goBackIn(AFTER);
};

const goBackOnceItCan = (key = "") => {
  held = key;
  for (const event of ["online", "focusout"]) addEventListener(event, soon);
  for (const event of ["visibilitychange", "server-said", "answer-heard"]) document.addEventListener(event, soon);
  goBackIn(AGAIN);
};

const show = async (found) => {
  const { asked, here } = build(found);
  tell("kept");
  part("kept").querySelector("[data-timed]").hidden = !found.page.clock;
  const { mark, point } = await import("./saying.js");
  for (const box of asked) mark(at(box), { done: box.hasAttribute("data-answered") });
  if (here) point(here);
  if (found.page.clock) import("./clock.js");
  await (here ? import("./quiz.js") : import("./whole.js"));
  if (here) import("./waiting.js");
  (await import("./keeping.js")).follow(found.key);
  goBackOnceItCan(found.key);
};

const begin = async () => {
  if (cookie("text_size") === "large") root.dataset.size = "large";
  if (cookie("theme")) root.dataset.theme = cookie("theme");
  const found = attempt ? await find(attempt) : null;
  if (found && isOver(found.page)) {
    tell("over");
    await forgetAttempt(attempt);
  } else if (found && !/^(nop|ket-qua)\//.test(rest)) {
    // What cannot be read any more stands in the way no longer: without it the shell says so.
    return show(found).catch(async () => { await forgetAttempt(attempt); location.reload(); });
  } else if (found && rest.startsWith("nop/")) {
    tell("handing-in");
    const { length } = await answers.waitingOf(found.key);
    part("handing-in").querySelector("[data-count]").hidden = !length;
    part("handing-in").querySelector("[data-count] b").textContent = length;
  }
  goBackOnceItCan();
  return undefined;
};

begin();
