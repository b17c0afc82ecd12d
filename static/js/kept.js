// Pages of quizzes under way, for when they are opened anew without a network: under "person-attempt-0-started" what the server gave,
// under the key of an answer what the server has of it since. A device keeps them for one log-in alone: the form's token
// changes with every one. They go when their time is over, when their attempt is, and when their person logs out.
import { forgetAllOf as forgetAnswersOf, isGone, keyAt, login, ofPerson, person, place, store } from "./answers.js";

const pages = store("pages");
const SECOND = 1000;

const ask = (mode, work) => pages.ask(mode, work).catch(() => undefined);
const get = (key) => ask("readonly", (all) => all.get(key));
const put = (key, what) => ask("readwrite", (all) => all.put(what, key));
const keys = async () => (await ask("readonly", (all) => all.getAllKeys())) ?? [];
const ofAttempt = async (attempt) => (await keys()).filter((key) => key.split("-")[1] === attempt);

const forget = async (found) => { for (const key of found) await ask("readwrite", (all) => all.delete(key)); };

export const forgetAttempt = async (attempt) => forget(await ofAttempt(attempt));

export const waitingOf = async (somebody) => (await ofPerson(somebody)).length;

export const forgetAllOf = async (leaver) => {
  await forgetAnswersOf(leaver); // which marks who left, so that no page of theirs is shown whatever stays
  await forget((await keys()).filter((key) => person(key) === leaver));
};

const isFit = (key, page) => page?.login && page.login === login() && page.until > Date.now() && !isGone(key);

const sweep = async () => {
  for (const key of await keys()) {
    if (!place(key) && !isFit(key, await get(key))) await forgetAttempt(key.split("-")[1]);
  }
};

// `page.login` is of when it was given; whoever logged in since then gets nothing of it.
export const keepPage = async (key, page, seconds) => {
  if (page.login === login()) await put(keyAt(key, 0), { ...page, until: Date.now() + seconds * SECOND });
  await sweep();
};

// Of an attempt whose page is kept.
export const keepStored = async (key, stored) => { if (await get(keyAt(key, 0))) await put(key, stored); };

export const keepEnd = async (key, end) => {
  const page = await get(keyAt(key, 0));
  if (page?.clock) await put(keyAt(key, 0), { ...page, clock: { ...page.clock, end } });
};

// {key, page, stored}: by position what the server has.
export const find = async (attempt) => {
  await sweep();
  const found = await ofAttempt(attempt);
  const key = found.find((one) => !place(one));
  if (!key) return null;
  const stored = new Map();
  for (const one of found) if (place(one)) stored.set(place(one), await get(one));
  return { key, page: await get(key), stored };
};
