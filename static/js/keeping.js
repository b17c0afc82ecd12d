// Keeps the page of a running attempt on this device, with what the server has of its answers since, and lets the worker come that
// answers in the network's place (worker.js). Begins when the page has nothing else to do.
import { forgetAttempt, keepEnd, keepPage, keepStored } from "./kept.js";
import { stored } from "./sender.js";

const sent = () => performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0);

// By how much the server's clock is ahead of this device's.
const measured = (clock) => clock && { end: clock.dataset.clock, ahead: Date.parse(clock.dataset.now) - sent() };

export const follow = (key) => {
  document.addEventListener("server-said", ({ detail }) => {
    if (detail.kind === "over") forgetAttempt(key.split("-")[1]);
    else if (stored.has(detail.key)) keepStored(detail.key, stored.get(detail.key));
  });
  document.addEventListener("end-is", ({ detail }) => keepEnd(key, detail));
};

export const keep = async ({ worker, lasts }, given) => {
  const { key } = document.querySelector("[data-key]").dataset;
  await keepPage(key, { ...given, clock: measured(document.querySelector("[data-clock]")) }, lasts);
  follow(key);
  for (const [one, what] of stored) await keepStored(one, what);
  await navigator.serviceWorker.register(worker, { updateViaCache: "all" });
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage([...document.scripts].map(({ src }) => src && new URL(src).pathname));
};
