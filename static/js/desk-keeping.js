// What a phone keeps of a desk: the roster, and what was recorded and not sent yet. All of it is sealed (AES-GCM) with a key that comes from the
// desk's code and lies in no store: whoever takes the phone apart has a salt, an hour, and letters. docs/decisions/0021
import { store } from "./answers.js";

const ROUNDS = 600_000; // of PBKDF2, for whoever tries codes
const kept = store("desk");
const queue = store("desk queue");
let key = null;

const all = (one, mode, work) => one.ask(mode, work);
const text = new TextEncoder();

const derive = async (code, salt) => {
  const tidy = code.toUpperCase().replace(/[^0-9A-Z]/g, "");
  const material = await crypto.subtle.importKey("raw", text.encode(tidy), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
};

const seal = async (what) => {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, text.encode(JSON.stringify(what))) };
};

const opened = async ({ iv, data }, by = key) => JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, by, data)));

const get = (name) => all(kept, "readonly", (rows) => rows.get(name));

export const isUnlocked = () => key !== null;
export const lock = () => { key = null; };

// How many reports wait, whatever desk they are of.
export const unsent = () => all(queue, "readonly", (rows) => rows.count());

// The desk that this code opens on this phone, or null.
export const unlock = async (code) => {
  const [plain, desk] = [await get("plain"), await get("desk")];
  if (!plain || !desk) return null;
  const by = await derive(code, plain.salt);
  const told = await opened(desk, by).catch(() => null);
  if (told) key = by;
  return told;
};

export const isPast = (plain) => !plain || plain.until <= Date.now();

// Begins anew, for a desk with this code that lasts some seconds.
export const settle = async (code, lasts) => {
  await forgetAll();
  const salt = crypto.getRandomValues(new Uint8Array(16));
  key = await derive(code, salt);
  await all(kept, "readwrite", (rows) => rows.put({ salt, until: Date.now() + lasts * 1000 }, "plain"));
};

export const until = async () => (await get("plain"))?.until ?? 0;

export const keep = async (name, what) => {
  const sealed = await seal(what);
  await all(kept, "readwrite", (rows) => rows.put(sealed, name));
};

export const find = async (name) => {
  const sealed = await get(name);
  return sealed ? opened(sealed) : null;
};

// In the order in which they were put: each name begins with its moment.
export const queued = async () => {
  const rows = await all(queue, "readonly", (one) => one.getAll());
  return Promise.all(rows.map((row) => opened(row)));
};

const nameOf = ({ at, nonce }) => `${String(at).padStart(15, "0")}-${nonce}`;

export const put = async (report) => {
  const sealed = await seal(report);
  await all(queue, "readwrite", (rows) => rows.put(sealed, nameOf(report)));
};

export const drop = (report) => all(queue, "readwrite", (rows) => rows.delete(nameOf(report)));

export const forgetRoster = () => all(kept, "readwrite", (rows) => rows.delete("roster"));

export const forgetAll = async () => {
  await all(kept, "readwrite", (rows) => rows.clear());
  await all(queue, "readwrite", (rows) => rows.clear());
  key = null;
};

// Whenever the page is opened: a roster whose hours are over goes, also when nobody knows the code any more.
export const sweep = async () => {
  const plain = await get("plain");
  if (!plain || !isPast(plain)) return;
  await forgetRoster();
  if (!(await unsent())) await forgetAll();
};
