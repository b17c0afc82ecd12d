// Answers to other questions of an attempt that could not be sent from this device go out from whichever page of it is open.
// One that was also answered elsewhere stays here until its own question is opened, where the person decides.
const form = () => document.querySelector("[data-key]");
const answers = await import(form().dataset.store);
const status = document.querySelector("[data-status]");
const isHandingIn = !form().matches("[data-quiz]");
const AGAIN = 8000; // milliseconds
let isTried = false;
let isSending = false;
let timer;

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const place = (key) => key.split("-")[2];

const others = async () => {
  const { key } = form().dataset;
  return (await answers.ofAttempt(key)).filter((other) => other !== key);
};

const body = (copy) => {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form().elements.csrfmiddlewaretoken.value);
  data.set("revision", copy.revision);
  for (const value of copy.answer) data.append("answer", value);
  return data;
};

const tell = (position, state) => document.dispatchEvent(new CustomEvent("answer-sent", { detail: { position, ...state } }));

const send = async (key) => {
  const copy = await answers.kept(key);
  if (!copy) return false;
  const address = form().dataset.address.replace(/\/cau\/\d+\//, `/cau/${place(key)}/`);
  const response = await fetch(address, { method: "POST", body: body(copy), redirect: "manual" });
  const state = response.ok || response.status === 409 ? await response.json() : null;
  const isSaved = state?.answer && isSame(state.answer, copy.answer); // by the button
  const isNewer = !isSame(await answers.kept(key), copy); // its question is in sight again
  if (response.ok || isSaved || [400, 410].includes(response.status)) await (isNewer || answers.forget(key));
  else if (state && !isNewer) await answers.keep(key, { ...copy, isDisputed: true });
  if (response.ok) tell(Number(place(key)), state);
  return response.ok;
};

const sayWaiting = async () => {
  const count = (await answers.waitingOf(form().dataset.key)).length;
  status.className = `status status--${count ? "waiting" : "saved"}`;
  status.lastChild.textContent = count ? `${status.dataset.waiting} (${count})` : status.dataset.saved;
};

const sendAll = async () => {
  if (isSending) return;
  isSending = true;
  clearTimeout(timer);
  const sent = [];
  try {
    for (const key of await others()) sent.push(await send(key));
    isTried = true;
  } catch {
    timer = setTimeout(sendAll, AGAIN);
  }
  isSending = false;
  document.querySelector("[data-offline]")?.toggleAttribute("hidden", isTried);
  if (isHandingIn) await sayWaiting();
  if (isHandingIn && sent.includes(true)) location.reload(); // to count what is missing anew
};

if (isHandingIn) {
  form().addEventListener("submit", (event) => {
    if (isTried && navigator.onLine) return;
    event.preventDefault();
    isTried = false;
    sendAll();
  });
}
addEventListener("online", sendAll);
document.addEventListener("answer-left", sendAll);
sendAll();
