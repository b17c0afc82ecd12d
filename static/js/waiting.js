// Answers to other questions of an attempt that could not be sent from this device go out from whichever page of it is open.
// One that was also answered elsewhere stays here until its own question is opened, where the person decides.
const form = document.querySelector("[data-key]");
const [person, attempt, here, started] = form.dataset.key.split("-");
const isHandingIn = !form.matches("[data-quiz]");
let isTried = false;

const isOther = (name) => {
  const [kind, whose, of, position, since] = name.split("-");
  return kind === "answer" && whose === person && of === attempt && since === started && position !== here;
};

const others = () => Object.keys(localStorage).filter(isOther);

const body = (copy) => {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  data.set("revision", copy.revision);
  for (const value of copy.answer) data.append("answer", value);
  return data;
};

const send = async (name) => {
  const copy = JSON.parse(localStorage.getItem(name));
  const address = form.dataset.address.replace(/\/cau\/\d+\//, `/cau/${name.split("-")[3]}/`);
  const response = await fetch(address, { method: "POST", body: body(copy), redirect: "manual" });
  const theirs = response.status === 409 ? (await response.json()).answer : null;
  const isSaved = theirs && JSON.stringify(theirs) === JSON.stringify(copy.answer); // by the button
  if (response.ok || isSaved || [400, 410].includes(response.status)) localStorage.removeItem(name);
  return response.ok;
};

const sendAll = async () => {
  const sent = [];
  try {
    for (const name of others()) sent.push(await send(name));
    isTried = true;
  } catch {
    setTimeout(sendAll, 8000);
  }
  document.querySelector("[data-offline]")?.toggleAttribute("hidden", isTried);
  if (isHandingIn && sent.includes(true)) location.reload(); // to count what is missing anew
};

if (isHandingIn) {
  form.addEventListener("submit", (event) => {
    if (isTried && navigator.onLine) return;
    event.preventDefault();
    isTried = false;
    sendAll();
  });
}
addEventListener("online", sendAll);
sendAll();
