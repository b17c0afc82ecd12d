// Saves the answer a moment after it changes and when the page is left. "Đã lưu" is said only after the server's answer;
// until then a copy stays on this device, and "Đang chờ gửi" is said only once it could not be sent. A step that is taken
// without a network waits for it: the browser's error page would take the answer out of sight. Without this script the
// button saves.
const form = document.querySelector("[data-quiz]");
const status = document.querySelector("[data-status]");
const revision = form.elements.revision;
const store = `answer-${form.dataset.key}`;
let changed = false;
let sending = null;
let isCutOff = false;
let held = null; // the button of the step that waits
let isGoing = false;
let timer;

const cookie = () => document.cookie.match(/csrftoken=(\w+)/)?.[1];
let issued = cookie(); // changes with every log-in, and makes this form's token void

const values = () => new FormData(form).getAll("answer");

const say = (kind) => {
  status.textContent = status.dataset[kind];
  status.className = `status status--${["saved", "saving"].includes(kind) ? kind : "waiting"}`;
};

const sayTrying = () => say(navigator.onLine ? "saving" : "waiting");

const explain = (why) => {
  for (const sentence of form.querySelectorAll("[data-when]")) sentence.hidden = sentence.dataset.when !== why;
  form.querySelector("[data-when]:not([hidden])")?.scrollIntoView({ block: "nearest" });
};

const isShown = (why) => !form.querySelector(`[data-when=${why}]`).hidden;

const show = (answer) => {
  for (const [place, field] of form.querySelectorAll("[name=answer]").entries()) {
    if (field.matches("[type=radio], [type=checkbox]")) field.checked = answer.includes(field.value);
    else field.value = answer[place] ?? "";
  }
};

// Answered elsewhere meanwhile: what was chosen here stays in sight, and only a deliberate next step saves it.
const differ = (theirs) => {
  changed = false;
  revision.value = theirs;
  localStorage.removeItem(store);
  say("unsaved");
  explain("elsewhere");
};

const post = () => fetch(form.dataset.address, { method: "POST", body: new FormData(form), keepalive: true, redirect: "manual" });

// Somebody logged in again in another tab. This page's own address gives a new token to whoever the attempt belongs to;
// anybody else finds nothing there, and no answer goes out under that name.
const renew = async (response) => {
  if (response.status !== 403) return response;
  const page = await fetch(location.href);
  const found = new DOMParser().parseFromString(await page.text(), "text/html");
  const token = found.querySelector(`[data-key="${form.dataset.key}"] [name=csrfmiddlewaretoken]`);
  if (!token) return page;
  issued = cookie();
  form.elements.csrfmiddlewaretoken.value = token.value;
  return post();
};

const refused = (why) => { // the copy stays; whoever logged out in another tab has taken it along
  changed = false;
  keep();
  say("unsaved");
  explain(why);
};

const heard = async (response) => {
  isCutOff = false;
  if (response.type === "opaqueredirect") return refused("out"); // or without agreement: the button leads to where that is said
  if (response.status === 404) return refused("stranger");
  if (response.status === 403 || response.redirected) return refused("reopen");
  if (response.status === 410) { // handed in elsewhere: the button leads to where that is said
    localStorage.removeItem(store);
    say("over");
    return "on";
  }
  if (response.status === 400) { // choices of an older page, say from before an upgrade: never accepted
    refused("outdated");
    return localStorage.removeItem(store);
  }
  const state = await response.json();
  if (response.status === 409) return differ(state.revision);
  if (!response.ok) throw new Error(response.status);
  revision.value = state.revision;
  if (changed) {
    keep();
    return "again";
  }
  localStorage.removeItem(store);
  say("saved");
  return "on";
};

const hold = (button) => {
  held = button;
  changed = true;
  keep();
  sayTrying();
  if (isCutOff || !navigator.onLine) explain("offline");
  send();
};

const goOn = (where) => {
  if (!held || where === "again") return;
  const button = held;
  held = null;
  if (where !== "on") return;
  explain("");
  isGoing = true;
  form.requestSubmit(button);
};

const send = async () => {
  if (sending) return sending;
  changed = false;
  sending = post()
    .then(renew)
    .then(heard)
    .then(goOn)
    .catch(() => {
      changed = isCutOff = true;
      say("waiting");
    })
    .finally(() => { sending = null; if (changed) later(4000); });
  return sending;
};

const later = (milliseconds) => {
  clearTimeout(timer);
  timer = setTimeout(send, milliseconds);
};

const keep = () => localStorage.setItem(store, JSON.stringify({ answer: values(), revision: revision.value }));

form.addEventListener("input", () => {
  changed = true;
  keep();
  explain("");
  sayTrying();
  later(1200);
});
addEventListener("online", () => changed && send());
document.addEventListener("time-is-up", () => changed && send());
addEventListener("pagehide", () => changed && send());
addEventListener("pageshow", () => { isGoing = false; });
form.addEventListener("submit", async (event) => {
  clearTimeout(timer);
  if (isGoing) return;
  if (isShown("reopen") || isShown("outdated")) {
    event.preventDefault();
    return location.reload();
  }
  if (isCutOff || !navigator.onLine || issued !== cookie()) {
    event.preventDefault();
    return hold(event.submitter);
  }
  if (sending) { // its answer tells the revision that this form has to name
    event.preventDefault();
    await sending;
    clearTimeout(timer);
    if (!isShown("elsewhere")) form.requestSubmit(event.submitter);
    return;
  }
  changed = false;
});

const kept = JSON.parse(localStorage.getItem(store) ?? "null");
if (kept && JSON.stringify(kept.answer) === JSON.stringify(values())) {
  localStorage.removeItem(store); // the button has saved it
} else if (kept) {
  show(kept.answer);
  if (kept.revision === revision.value) {
    changed = true;
    sayTrying();
    send();
  } else differ(revision.value);
}
