// The issuers' public keys and the list of what holds no longer, kept on this device for papers that are checked without a network.
const NAME = "certificate lists";
const FRESH = 12 * 3600 * 1000; // milliseconds

const all = () => caches.open(NAME);

export const held = async (address) => (await (await all()).match(address))?.json() ?? null;

const isFresh = async (address) => Date.now() - Date.parse((await held(address))?.at ?? 0) < FRESH;

export const fetched = async (address, cache = "default") => {
  const response = await fetch(address, { cache });
  if (!response.ok) throw new Error(response.status);
  await (await all()).put(address, response.clone());
  return response.json();
};

export const renew = async ({ keys, ended }) => {
  await fetched(keys);
  if (!await isFresh(ended)) await fetched(ended, "no-cache");
};

// Whether a list of marks, as one string, has this one.
const has = (list, mark) => {
  const marks = atob(list);
  for (let at = 0; at < marks.length; at += mark.length) if (marks.startsWith(mark, at)) return true;
  return false;
};

export const endedHow = (list, mark) => ["revoked", "replaced"].find((how) => has(list[how], mark)) ?? "";
