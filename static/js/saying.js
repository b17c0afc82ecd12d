// What a quiz page says of its answers: the line of the status, the row of the numbers, and which sentence tells why one is
// not saved. "Đã lưu" is said only after the server's answer, "Đang chờ gửi" only once it could not be sent.
import { whyPassing } from "./answers.js";
import { isOff } from "./sender.js";

const status = document.querySelector("[data-status]");
export const numbers = [...document.querySelectorAll(".numbers a")];

export const say = (kind, count = 0, line = status) => {
  const said = (status.dataset[kind] ?? "") + (count ? ` (${count})` : "");
  if (line.textContent !== said) line.textContent = said; // it is read out
  line.className = `status status--${["saved", "saving"].includes(kind) ? kind : "waiting"}`;
};

// {done, waiting}: one of them, or both.
export const mark = (position, classes) => {
  const number = numbers[position - 1];
  for (const [name, isOn] of Object.entries(classes)) number.classList.toggle(name, isOn);
  number.querySelector("span").hidden = number.matches(".waiting, :not(.done)"); // "đã lưu"
};

export const point = (position) => {
  for (const [at, number] of numbers.entries()) {
    number.classList.toggle("here", at === position - 1);
    if (at === position - 1) number.setAttribute("aria-current", "step");
    else number.removeAttribute("aria-current");
  }
};

// None may promise that the answer is kept on this device where it goes with the page.
export const sentenceFor = (why, key) => ((isOff() || ["out", "reopen"].includes(why)) && whyPassing(key)) || why;
