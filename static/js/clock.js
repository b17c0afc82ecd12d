// Counts down to the end of an attempt by the server's clock, whatever the phone's own says. The end itself is the server's:
// this page only leads to where it is told, a moment after answers that left in time have arrived.
const clock = document.querySelector("[data-clock]");
const left = clock.querySelector("[data-left]");
const SOON = 5 * 60; // seconds from which they are counted one by one
const UNDER_WAY = 12; // a little more than the server's own patience
const ASKS_AT = 20 + 40 * Math.random(); // seconds before the end: a whole class does not ask in the same moment
const PATIENCE = 5000; // milliseconds from one question that did not get through to the next
// Since the answer of the server began to come. A phone that sleeps stops the one clock, somebody who sets it the other.
const begun = { steady: performance.getEntriesByType("navigation")[0]?.responseStart ?? 0, wall: performance.timeOrigin };
const passed = () => Math.max(performance.now(), Date.now() - begun.wall) - begun.steady;
const until = (end) => Date.parse(end) - Date.parse(clock.dataset.now);
let end = clock.dataset.clock;

const say = (seconds) => {
  const kind = seconds > SOON ? "minutes" : "seconds";
  left.textContent = left.dataset[kind].replace("#", kind === "minutes" ? Math.ceil(seconds / 60) : Math.max(0, Math.ceil(seconds)));
  left.hidden = false;
};

let timer;
let isUp = false;
let isAsked = false;

const stop = () => {
  isUp = true;
  clock.querySelector("[data-over]").hidden = false;
  document.dispatchEvent(new Event("time-is-up"));
};

// An officer gives more time while somebody answers.
const move = (to) => {
  if (until(to) <= until(end)) return;
  if (!left) return void location.assign(clock.dataset.after); // a page for what is over: there is time to answer again
  end = to;
  isUp = isAsked = false;
  const [, month, day, time] = to.match(/-(\d+)-(\d+)T(\d+:\d+)/);
  const written = clock.querySelector("[data-until]");
  if (written) written.textContent = written.dataset.until.replace("#", `${time} ${day}/${month}`);
  clock.querySelector("[data-over]").hidden = true;
  clock.querySelector("[data-longer]").hidden = false;
  tick();
};

const ask = async () => {
  isAsked = true;
  try {
    const page = await (await fetch(location.href, { redirect: "manual" })).text();
    const found = new DOMParser().parseFromString(page, "text/html").querySelector("[data-clock]");
    if (found) move(found.dataset.clock);
  } catch {
    setTimeout(() => { isAsked = false; }, PATIENCE); // no network just now
  }
};

const tick = () => {
  clearTimeout(timer);
  const seconds = (until(end) - passed()) / 1000;
  if (left) say(seconds);
  if (seconds < ASKS_AT && seconds > 0 && !isAsked) ask();
  if (seconds <= 0 && !isUp) stop();
  if (seconds > -UNDER_WAY) timer = setTimeout(tick, seconds > SOON ? 5000 : 500);
  else location.assign(clock.dataset.after);
};

document.addEventListener("end-is", ({ detail }) => move(detail));
document.addEventListener("visibilitychange", () => document.hidden || tick());
tick();
