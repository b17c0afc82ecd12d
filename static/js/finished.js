// The page of an attempt that is over is kept on this device no longer. Answers that were not sent in time are told of once, as the
// page itself says that they were not given.
import { forget, ofAttemptNumber } from "./answers.js";
import { forgetAttempt } from "./kept.js";

const { finished } = document.querySelector("[data-finished]").dataset;
forgetAttempt(finished);
ofAttemptNumber(finished).then((late) => {
  if (!late.length) return;
  const told = document.querySelector("[data-left-behind]");
  told.querySelector("b").textContent = late.length;
  told.hidden = false;
  for (const key of late) forget(key);
});
