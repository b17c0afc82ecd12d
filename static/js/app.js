// Small help for pages that already work without it: text size at once, a clean device after logging out, no error at a
// choice that has been made meanwhile, and one sending however often a button is tapped.
const root = document.documentElement;
const YEAR = 60 * 60 * 24 * 365;

document.querySelector("[data-size-toggle]")?.addEventListener("click", (event) => {
  event.preventDefault();
  const size = root.dataset.size === "large" ? "usual" : "large";
  root.dataset.size = size;
  document.cookie = `text_size=${size}; path=/; max-age=${YEAR}; samesite=lax`;
});

// Nothing of the leaver goes before the server has answered; then the form leads on as it would without this script. Answers of
// others that wait on a shared device for their network, or for their owner, stay. A browser that does not let go of its copies
// does not keep anybody logged in.
const GOING = 2000;
const forms = document.querySelectorAll("[data-leave]");
const copies = forms.length ? import("./kept.js") : null; // at once: without a network it would come too late
copies?.catch(() => {});
const ANSWERED_WITHIN = 10000;

const logOut = async (form) => {
  const limit = new AbortController();
  setTimeout(() => limit.abort(), ANSWERED_WITHIN);
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual", signal: limit.signal });
  if (answer.status === 429 || answer.status >= 500) throw new Error(answer.status);
  return answer.type === "opaqueredirect";
};

const clean = async (leaver) => {
  sessionStorage.clear();
  const cleaned = copies.then((kept) => kept.forgetAllOf(leaver));
  await Promise.race([cleaned.catch(() => {}), new Promise((resolve) => { setTimeout(resolve, GOING); })]);
};

const waiting = async (leaver) => {
  const counted = copies.then((kept) => kept.waitingOf(leaver)).catch(() => 0);
  return Promise.race([counted, new Promise((resolve) => { setTimeout(resolve, GOING, 0); })]);
};

for (const form of forms) {
  const button = form.querySelector("button");
  const refusal = form.querySelector("[data-not-left]");
  const warning = form.querySelector("[data-not-sent]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    refusal.hidden = true;
    const count = warning.hidden && await waiting(form.dataset.leave);
    if (count) { // and once more, whoever wants to leave them all the same
      warning.querySelector("b").textContent = count;
      button.disabled = warning.hidden = false;
      return;
    }
    try {
      if (await logOut(form)) await clean(form.dataset.leave);
      form.submit();
    } catch {
      button.disabled = refusal.hidden = false;
    }
  });
}

document.addEventListener("change", ({ target }) => {
  if (!target.checked) return;
  document.getElementById(`id_${target.name}_error`)?.remove();
  target.closest("fieldset")?.classList.remove("field--error");
  for (const choice of document.getElementsByName(target.name)) choice.removeAttribute("aria-invalid");
  document.querySelector(`[data-wrong] li > [href^="#id_${target.name}"]`)?.parentElement.remove();
  if (!document.querySelector(".field__error")) document.querySelector("[data-wrong]")?.remove();
});

// Until the next page comes, or for as long as a weak network is worth waiting for. The pressed button's own value must
// still be sent, so the buttons are switched off a moment later; until then the form itself refuses.
const PATIENCE = 15000;
const sent = new Set();

const free = (form) => {
  sent.delete(form);
  for (const button of form.querySelectorAll("[data-sent]")) {
    button.disabled = false;
    delete button.dataset.sent;
  }
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (sent.has(form)) return event.preventDefault();
  sent.add(form);
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:not(:disabled)")) {
      button.disabled = true;
      button.dataset.sent = "";
    }
  });
  setTimeout(free, PATIENCE, form);
});
addEventListener("pageshow", () => sent.forEach(free)); // back from the next page
