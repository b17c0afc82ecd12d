// Counts down to the end of an attempt by the server's clock, whatever the phone's own says. The end itself is the server's:
// this page only leads to where it is told, a moment after answers that left in time have arrived.
const clock = document.querySelector("[data-clock]");
const left = clock.querySelector("[data-left]");
const SOON = 5 * 60; // seconds from which they are counted one by one
const UNDER_WAY = 12; // a little more than the server's own patience
// Since the answer of the server began to come. A phone that sleeps stops the one clock, somebody who sets it the other.
const begun = { steady: performance.getEntriesByType("navigation")[0]?.responseStart ?? 0, wall: performance.timeOrigin };
const passed = () => Math.max(performance.now(), Date.now() - begun.wall) - begun.steady;
const whole = Date.parse(clock.dataset.clock) - Date.parse(clock.dataset.now);

const say = (seconds) => {
  const kind = seconds > SOON ? "minutes" : "seconds";
  left.textContent = left.dataset[kind].replace("#", kind === "minutes" ? Math.ceil(seconds / 60) : Math.max(0, Math.ceil(seconds)));
  left.hidden = false;
};

let timer;
let isUp = false;

const stop = () => {
  isUp = true;
  clock.querySelector("[data-over]").hidden = false;
  document.dispatchEvent(new Event("time-is-up"));
};

const tick = () => {
  clearTimeout(timer);
  const seconds = (whole - passed()) / 1000;
  if (left) say(seconds);
  if (seconds <= 0 && !isUp) stop();
  if (seconds > -UNDER_WAY) timer = setTimeout(tick, seconds > SOON ? 5000 : 500);
  else location.assign(clock.dataset.after);
};

document.addEventListener("visibilitychange", () => document.hidden || tick());
tick();
