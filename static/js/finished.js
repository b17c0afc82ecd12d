// The page of an attempt that is over is kept on this device no longer. Answers of which this device never heard that they
// arrived are told of once: the page itself says that nothing was answered.
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
