// Answers that the server does not have yet: {answer, revision} under "person-attempt-position-started". A browser that
// keeps nothing (a private window, a full device) has them for as long as the page stays open: then isLasting is false.
const NAME = "answers";
const PATIENCE = 3000; // some browsers answer late or never
const passing = new Map();
export let isLasting = true;

const opened = new Promise((resolve, reject) => {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(NAME);
  request.onsuccess = () => resolve(request.result);
  request.onerror = request.onblocked = reject;
});

const inTime = (promise) => Promise.race([promise, new Promise((_, reject) => { setTimeout(reject, PATIENCE); })]);

// Committed at once, because the page may be on its way out.
const ask = async (mode, work) => {
  try {
    const transaction = (await inTime(opened)).transaction(NAME, mode);
    const request = work(transaction.objectStore(NAME));
    transaction.commit?.();
    const found = await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = reject;
    });
    isLasting = true;
    return found;
  } catch {
    isLasting = false;
    return undefined;
  }
};

export const keep = async (key, copy) => {
  passing.set(key, copy);
  const kept = await ask("readwrite", (all) => all.put(copy, key));
  if (kept && passing.get(key) === copy) passing.delete(key);
};

export const kept = async (key) => passing.get(key) ?? ask("readonly", (all) => all.get(key));

export const forget = (key) => {
  passing.delete(key);
  return ask("readwrite", (all) => all.delete(key));
};

const keys = async () => [...new Set([...((await ask("readonly", (all) => all.getAllKeys())) ?? []), ...passing.keys()])];

// Those of one attempt, under the key of any of its questions.
export const ofAttempt = async (key) => {
  const [person, attempt, , started] = key.split("-");
  const isOf = (other) => {
    const [whose, of, , since] = other.split("-");
    return whose === person && of === attempt && since === started;
  };
  return (await keys()).filter(isOf);
};

// The positions of those that wait for the network; one that was also answered elsewhere waits for its person.
export const waitingOf = async (key) => {
  const copies = await Promise.all((await ofAttempt(key)).map(async (one) => [one, await kept(one)]));
  return copies.filter(([, copy]) => copy && !copy.isDisputed).map(([one]) => Number(one.split("-")[2]));
};

export const forgetAllOf = async (person) => {
  for (const key of await keys()) if (key.startsWith(`${person}-`)) await forget(key);
};

opened.then(() => { for (const [key, copy] of passing) keep(key, copy); }, () => {});
