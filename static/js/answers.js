// Answers that the server does not have yet: {answer, revision} under "person-attempt-position-started". A browser that
// keeps nothing (a private window, a full device) has them for as long as the page stays open. So has one from which their
// person logged out: a tab left open keeps nothing of theirs anew until they are back (docs/decisions/0013).
const PATIENCE = 3000; // some browsers answer late or never
const passing = new Map();
let isLasting = true;

// Changes with every log-in: what a page has of its person is for no other.
export const login = () => document.cookie.match(/csrftoken=(\w+)/)?.[1];

const inTime = (promise) => Promise.race([promise, new Promise((_, reject) => { setTimeout(reject, PATIENCE); })]);

// What this device keeps under a name: `ask` fails where it does not answer. Committed at once, because the page may be on its way out.
export const store = (name) => {
  const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = reject;
  });
  opened.catch(() => {}); // whoever asks is told
  const ask = async (mode, work) => {
    const transaction = (await inTime(opened)).transaction(name, mode);
    const request = work(transaction.objectStore(name));
    transaction.commit?.();
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = reject;
    });
  };
  return { opened, ask };
};

const own = store("answers");

const ask = async (mode, work) => {
  try {
    const found = await own.ask(mode, work);
    isLasting = true;
    return found;
  } catch {
    isLasting = false;
    return undefined;
  }
};

// Where this is closed to scripts, nothing lasts anyway.
const absence = (work) => { try { return work(localStorage); } catch { return null; } };
const marked = (person) => `left-${person}`;
export const person = (key) => key.split("-")[0];
export const isGone = (key) => absence((all) => all.getItem(marked(person(key))));

// Said of a page that the server has just given to whom the key belongs.
export const isBack = (key) => absence((all) => all.removeItem(marked(person(key))));

// Why a copy under this key would go with the page, by the name of the sentence for it; else nothing.
export const whyPassing = (key) => (isGone(key) && "left") || (isLasting ? "" : "fragile");

export const keep = async (key, copy) => {
  passing.set(key, copy);
  if (isGone(key)) return;
  const kept = await ask("readwrite", (all) => all.put(copy, key));
  if (kept && passing.get(key) === copy) passing.delete(key);
};

export const kept = async (key) => passing.get(key) ?? ask("readonly", (all) => all.get(key));

export const forget = (key) => {
  passing.delete(key);
  return ask("readwrite", (all) => all.delete(key));
};

const keys = async () => [...new Set([...((await ask("readonly", (all) => all.getAllKeys())) ?? []), ...passing.keys()])];

export const place = (key) => Number(key.split("-")[2]);

// The key of another question of the same attempt.
export const keyAt = (key, position) => key.split("-").map((part, at) => (at === 2 ? position : part)).join("-");

// Those of one attempt, under the key of any of its questions.
export const ofAttempt = async (key) => (await keys()).filter((other) => keyAt(other, 0) === keyAt(key, 0));

const placesWhere = async (key, isMeant) => {
  const copies = await Promise.all((await ofAttempt(key)).map(async (one) => [one, await kept(one)]));
  return copies.filter(([, copy]) => copy && isMeant(copy)).map(([one]) => place(one));
};

// The positions of those that wait for the network, and of those that were also answered elsewhere and wait for their person.
export const waitingOf = (key) => placesWhere(key, (copy) => !copy.isDisputed);
export const disputedOf = (key) => placesWhere(key, (copy) => copy.isDisputed);

// What the server does not have of a person, or of an attempt.
export const ofPerson = async (somebody) => (await keys()).filter((key) => person(key) === somebody);
export const ofAttemptNumber = async (attempt) => (await keys()).filter((key) => key.split("-")[1] === attempt);

// The mark comes first: what another tab keeps meanwhile would stay.
export const forgetAllOf = async (leaver) => {
  absence((all) => all.setItem(marked(leaver), "yes"));
  for (const key of await ofPerson(leaver)) await forget(key);
};

own.opened.then(() => { for (const [key, copy] of passing) keep(key, copy); }, () => {});
