// Saves the answer a moment after it changes and when the page is left. "Đã lưu" is said only after the server's answer;
// until then a copy stays on this device and the page says that it waits. Without this script the button saves.
const form = document.querySelector("[data-quiz]");
const status = document.querySelector("[data-status]");
const revision = form.elements.revision;
const store = `answer-${form.dataset.key}`;
let changed = false;
let sending = null;
let timer;

const values = () => new FormData(form).getAll("answer").filter((value) => value.trim());

const say = (kind) => {
  status.textContent = status.dataset[kind];
  status.className = `status status--${kind === "saved" ? "saved" : "waiting"}`;
};

const show = (answer) => {
  for (const field of form.querySelectorAll("[name=answer]")) {
    if (field.type === "text") field.value = answer[0] ?? "";
    else field.checked = answer.includes(field.value);
  }
};

const send = async () => {
  if (sending) return sending;
  changed = false;
  sending = fetch(form.dataset.address, { method: "POST", body: new FormData(form), keepalive: true, redirect: "error" })
    .then(async (response) => {
      if (response.status === 410) return say("over");
      if (response.status === 400) return localStorage.removeItem(store); // a copy of another question: never accepted
      const state = await response.json();
      if (response.status === 409) show(state.answer);
      else if (!response.ok) throw new Error(response.status);
      revision.value = state.revision;
      if (changed) return;
      localStorage.removeItem(store);
      say("saved");
    })
    .catch(() => {
      changed = true;
      say("waiting");
    })
    .finally(() => { sending = null; if (changed) later(4000); });
  return sending;
};

const later = (milliseconds) => {
  clearTimeout(timer);
  timer = setTimeout(send, milliseconds);
};

form.addEventListener("input", () => {
  changed = true;
  localStorage.setItem(store, JSON.stringify(values()));
  say("waiting");
  later(1200);
});
addEventListener("online", () => changed && send());
addEventListener("pagehide", () => changed && send());
form.addEventListener("submit", () => {
  clearTimeout(timer);
  changed = false;
});

const kept = localStorage.getItem(store);
if (kept) {
  show(JSON.parse(kept));
  changed = true;
  say("waiting");
  send();
}
