// Counts down to the end of an attempt by the server's clock, whatever the phone's own says. The end itself is the server's:
// this page only leads to where it is told, a moment after answers that left in time have arrived.
const clock = document.querySelector("[data-clock]");
const left = clock.querySelector("[data-left]");
const SOON = 5 * 60; // seconds from which they are counted one by one
const UNDER_WAY = 12; // a little more than the server's own patience
const ends = performance.now() + (Date.parse(clock.dataset.clock) - Date.parse(clock.dataset.now));

const say = (seconds) => {
  const kind = seconds > SOON ? "minutes" : "seconds";
  left.textContent = left.dataset[kind].replace("#", kind === "minutes" ? Math.ceil(seconds / 60) : Math.max(0, Math.ceil(seconds)));
  left.hidden = false;
};

const tick = () => {
  const seconds = (ends - performance.now()) / 1000;
  if (left) say(seconds);
  if (seconds > -UNDER_WAY) return setTimeout(tick, seconds > SOON ? 5000 : 500);
  location.assign(clock.dataset.after);
};

const stop = () => {
  clock.querySelector("[data-over]").hidden = false;
  document.dispatchEvent(new Event("time-is-up"));
};

setTimeout(stop, Math.max(0, ends - performance.now()));
tick();
