// The page of an attempt that is over is kept on this device no longer.
import { forgetAttempt } from "./kept.js";

forgetAttempt(document.querySelector("[data-finished]").dataset.finished);
