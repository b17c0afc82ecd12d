// A desk's work on this phone: who is there by what it knows, what waits to be sent, and what the server said of it. Every report gets a
// nonce when it happens and keeps it until the server has answered for it, so that sending again changes nothing.
import * as keeping from "./desk-keeping.js";

const PATIENCE = 10_000; // milliseconds; then a network counts as gone
const AGAIN = 15_000;
const A_MESSAGE = 20; // reports at once
const door = document.querySelector("[data-door]").dataset;
const SEATED = ["held", "offered"];

export const desk = { told: null, version: "", rows: [], present: {}, conflicts: [], refused: [], badges: [], queue: [], session: "", chosen: "", room: "", asked: [], isEnded: false, isTooLate: false, isStale: false };
const OF_NEWCOMERS = ["new", "instead"];
const putOff = new Set(); // nonces that the server could not take in this round: they wait for the next one
let timer;
let sending = null;

const changed = () => document.dispatchEvent(new Event("desk-changed"));
const answered = (detail) => document.dispatchEvent(new CustomEvent("desk-answered", { detail }));

export const post = async (address, said, token) => {
  const limit = new AbortController();
  const late = setTimeout(() => limit.abort(), PATIENCE);
  const headers = { "Content-Type": "application/json", ...(token && { "X-Desk": token }) };
  try {
    const response = await fetch(address, { method: "POST", headers, body: JSON.stringify(said), signal: limit.signal, credentials: "omit", cache: "no-store" });
    return { status: response.status, told: response.headers.get("Content-Type")?.includes("json") ? await response.json() : {} };
  } finally {
    clearTimeout(late);
  }
};

export const folded = (words) => words.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replace(/\s+/g, " ").trim();

const marked = async (code) => {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 24);
};

export const codeIn = (scanned) => scanned.slice(scanned.lastIndexOf("/ve/") + 1 ? scanned.lastIndexOf("/ve/") + 4 : 0).split("/")[0].toUpperCase().replace(/[^0-9A-Z]/g, "");

export const timeOf = (number, session = desk.session) => desk.present[session]?.[number] ?? "";
export const isSeated = (row) => SEATED.includes(row.state);
const sessionOf = (key) => desk.told.sessions.find((one) => one.key === key);
const besides = (key) => sessionOf(key)?.beside ?? [];
// Of parallel sessions a delegate goes to one: in which other than this desk's somebody is, or goes to, if in any.
export const roomOf = (row) => {
  if (timeOf(row.number)) return undefined;
  const rooms = row.rooms ?? [];
  const others = besides(desk.session);
  const there = others.find((key) => timeOf(row.number, key));
  return sessionOf(there ?? (rooms.includes(desk.session) ? undefined : others.find((key) => rooms.includes(key))));
};
export const whereOf = (key) => (besides(key).length ? sessionOf(key).where : "");
const isExpected = (row) => isSeated(row) && (!besides(desk.session).length || (row.rooms ?? []).includes(desk.session));
const rowOf = (number) => desk.rows.find((row) => row.number === number);

// Those who are there, of those with a seat or who came all the same.
export const counts = () => {
  const there = Object.keys(desk.present[desk.session] ?? {});
  const others = there.filter((number) => { const row = rowOf(Number(number)); return !row || !isExpected(row); }).length;
  return { present: there.length, expected: desk.rows.filter(isExpected).length + others };
};

export const search = async (query) => {
  const words = folded(query).split(" ").filter(Boolean);
  if (!words.length) return [];
  const digits = /^\d{3,}$/.test(query.replace(/[\s.+-]/g, "")) ? query.replace(/\D/g, "").slice(-3) : "";
  const mark = await marked(codeIn(query));
  const fits = (row) => words.every((word) => ` ${folded(`${row.name} ${row.unit} ${row.place}`)}`.includes(` ${word}`))
    || String(row.number) === query.trim() || (digits && row.digits === digits) || row.mark === mark;
  return desk.rows.filter(fits).slice(0, 30);
};

// As the server would choose them (roster.rooms_now): the last session whose turn has come, else the next one, and those beside it.
const roomsNow = () => {
  const gone = (Date.now() - desk.told.at) / 1000;
  const all = desk.told.sessions;
  const on = all.filter((one) => one.on <= gone && gone <= one.to).pop();
  const now = (on ?? all.find(({ begins }) => begins > gone) ?? all[all.length - 1])?.key;
  const slot = all.filter(({ key }) => key === now || besides(now).includes(key));
  const open = slot.filter(({ to }) => gone <= to);
  return open.length ? open : slot;
};

// A desk that stays open goes on to the next session by itself; what was chosen by hand stays. In which of several rooms it stands it has to be told.
const follow = () => {
  const rooms = roomsNow();
  const keys = rooms.map(({ key }) => key);
  if (keys.includes(desk.chosen)) [desk.room, desk.chosen] = [desk.chosen, ""];
  const isAsked = keys.length > 1 || keys.some((key) => besides(key).length);
  desk.session = desk.chosen || keys.find((key) => !isAsked || key === desk.room) || "";
  desk.asked = desk.session ? [] : rooms;
};

export const choose = (key) => {
  desk.chosen = key;
  follow();
  keeping.keep("room", desk.room).catch(() => {}); // else it is asked again when the page is loaded anew
  changed();
};

const clock = (at) => { const moment = new Date(at); return `${String(moment.getHours()).padStart(2, "0")}:${String(moment.getMinutes()).padStart(2, "0")}`; };

const kept = () => keeping.keep("roster", { version: desk.version, rows: desk.rows, present: desk.present, badges: desk.badges });

// Of parallel sessions somebody is in one: the others are left.
const stand = (present, { session, number, at }) => {
  for (const key of besides(session)) delete present[key]?.[number];
  (present[session] ??= {})[number] ??= clock(at);
};

const report = async (said, row) => {
  const at = Date.now();
  const one = { nonce: crypto.randomUUID(), at, session: desk.session, name: row?.name ?? said.name ?? said.code ?? "", ...said };
  await keeping.put(one); // before anything is said of it; where that fails nothing was recorded
  desk.queue.push(one);
  if (row) {
    stand(desk.present, one);
    if (besides(one.session).length) row.rooms = [...(row.rooms ?? []).filter((key) => !besides(one.session).includes(key) && key !== one.session), one.session];
  }
  await kept().catch(() => {}); // the report is safe, and the list comes anew
  changed();
  send();
  return { nonce: one.nonce, kind: one.kind, outcome: row ? "present" : "sent", row, name: one.name, at: clock(at), where: whereOf(one.session) };
};

// Somebody of the list, by a tap: {outcome, row, at, where}. Whoever is in another room at this hour is taken in by a tap of its own ("take").
export const tap = async (row, kind = "scan") => {
  const room = roomOf(row);
  const came = timeOf(row.number, room?.key);
  if (came && !room) return { outcome: "again", row, at: came, where: whereOf(desk.session) };
  if (kind === "scan" && !isSeated(row)) return { outcome: row.state, row };
  if (room && kind === "scan") return { outcome: came ? "beside" : "room", row, at: came, where: room.where };
  if (room && kind === "own") return came ? { outcome: "again", row, at: came, where: room.where } : report({ kind: "scan", number: row.number, session: room.key }, row);
  return { ...(await report({ kind, number: row.number }, row)), ...(came && { from: room.where }) };
};

// What the camera read. What this phone does not know is sent all the same: the list may have grown since.
export const scan = async (scanned) => {
  const code = codeIn(scanned);
  const mark = await marked(code);
  const row = desk.rows.find((one) => one.mark === mark);
  if (row) return tap(row);
  const asked = desk.queue.find((one) => one.code === code) ?? await report({ kind: "scan", code });
  return { nonce: asked.nonce, outcome: "unknown", name: code };
};

// In the session in which the form was opened.
export const enter = async (fields, instead, session) => report({ ...fields, session, kind: instead ? "instead" : "new", number: instead?.number ?? 0 });

// Of one name and commune, on the list or waiting to be sent: who is about to be written down may be one of them.
export const namesakes = ({ name, phone, place, elsewhere }) => {
  const where = folded(place === "other" ? elsewhere.split(",")[0] : desk.told.places.find(({ key }) => key === place)?.name ?? "");
  const digits = phone.replace(/\D/g, "").slice(-3);
  const isAlike = (one, there, known) => folded(one) === folded(name) && (!there || folded(there).endsWith(where)) && !(digits && known && digits !== known);
  const listed = desk.rows.filter((row) => row.state !== "replaced" && isAlike(row.name, row.place, row.digits)).map((row) => ({ key: row.number, row }));
  const waits = desk.queue.filter((one) => OF_NEWCOMERS.includes(one.kind) && one.place === place && isAlike(one.name, one.elsewhere.split(",")[0], one.phone.replace(/\D/g, "").slice(-3)));
  return [...listed, ...waits.map((one) => ({ key: one.nonce, name: one.name, at: clock(one.at) }))];
};

const told = ({ at, ...one }) => ({ ...one, age: (Date.now() - at) / 1000 });

// The server could not write this down and knows nothing of it: it stays here, as it was typed, until somebody has seen to it.
const refuse = async (one, why) => {
  const kept = { ...one, why, time: clock(one.at) };
  desk.refused.push(kept);
  await keeping.put(kept);
};

const takeIn = async (answer, sent) => {
  const done = answer.outcomes.filter(({ outcome }) => outcome !== "later");
  for (const { nonce } of sent) if (!done.some((said) => said.nonce === nonce)) putOff.add(nonce);
  for (const said of done) {
    const one = desk.queue.find(({ nonce }) => nonce === said.nonce);
    if (!one) continue;
    const { nonce, kind } = one;
    const time = clock(one.at);
    desk.queue = desk.queue.filter((other) => other !== one);
    if (said.outcome === "refused") await refuse(one, said.why);
    else if (said.outcome !== "present" && !desk.conflicts.some((other) => other.nonce === nonce)) desk.conflicts.push({ nonce, name: said.name || one.name, time, why: said.why });
    else if (OF_NEWCOMERS.includes(kind) && said.number && !desk.badges.some((other) => other.nonce === nonce)) desk.badges.push({ nonce, name: said.name || one.name, number: said.number });
    answered({ ...said, kind, name: said.name || one.name, at: time });
  }
  await keeping.keep("conflicts", desk.conflicts); // before they go from the queue
  const gone = done.filter(({ outcome }) => outcome !== "refused").map(({ nonce }) => nonce);
  for (const one of (await keeping.queued()).filter(({ nonce }) => gone.includes(nonce))) await keeping.drop(one);
  if (answer.ended) desk.isEnded = true;
  else if (!answer.present) desk.isStale ||= done.some(({ outcome }) => outcome !== "present");
  else await renew(answer);
};

// The list as the server has it, and the sessions: some may have been planned since.
const renew = async ({ version, rows, present, sessions }) => {
  Object.assign(desk, { isStale: false, version, rows: rows ?? desk.rows, present: merged(present) });
  const names = (all) => all.map(({ key, name, where, beside }) => [key, name, where, ...beside]).join();
  const isKnown = names(sessions) === names(desk.told.sessions);
  Object.assign(desk.told, { sessions, at: Date.now() });
  if (isKnown) return;
  follow();
  await keeping.keep("desk", desk.told);
};

// What waits here is there on this phone, whatever the server knows yet.
const merged = (present) => {
  for (const one of desk.queue.filter(({ kind, number }) => ["scan", "take"].includes(kind) && number)) {
    const isBeside = besides(one.session).some((key) => present[key]?.[one.number]); // a scan moves nobody
    if (one.kind === "take" || !isBeside) stand(present, one);
  }
  return present;
};

const ready = () => desk.queue.filter(({ nonce }) => !putOff.has(nonce));

const sendOnce = async () => {
  const some = ready().slice(0, A_MESSAGE);
  // Taps on the list change nothing that this phone does not know: the list is asked for with everything else, and between.
  const isKnown = some.length > 0 && !desk.isStale && some.every(({ kind, number }) => kind === "scan" && number);
  const { status, told: answer } = await post(door.received, { items: some.map(told), ...(!isKnown && { version: desk.version }) }, desk.told.token);
  if (status === 404 && answer.why) desk.isEnded = desk.isTooLate = true; // said by this site, not by a network that wants a log-in
  else if (status !== 200) throw new Error(status);
  else await takeIn(answer, some);
  if (desk.isEnded) await close();
  else await kept();
  changed();
  return status === 200 && (ready().length > 0 || (desk.isStale && !desk.isEnded));
};

// The roster goes at once; what was recorded stays until the server has it.
const close = async () => {
  Object.assign(desk, { rows: [], present: {}, version: "", badges: [] });
  await keeping.forgetRoster();
  if (!desk.queue.length && !desk.conflicts.length && !desk.refused.length) await keeping.forgetAll();
};

const sendAll = async () => {
  putOff.clear();
  try {
    while (await sendOnce());
    desk.isAway = false;
  } catch {
    desk.isAway = true;
  }
  changed();
};

export const send = () => {
  sending ??= sendAll().finally(() => { sending = null; later(); if (ready().length && !desk.isAway && !desk.isEnded) send(); });
  return sending;
};

const later = () => {
  clearTimeout(timer);
  if (keeping.isUnlocked()) timer = setTimeout(tick, AGAIN);
};

const tick = async () => {
  if (!desk.isEnded && (await keeping.until()) <= Date.now()) {
    desk.isEnded = true;
    await close();
    changed();
  }
  if (!keeping.isUnlocked()) return;
  const before = desk.session;
  follow();
  if (desk.session !== before || desk.asked.length) changed();
  if (!desk.isTooLate) send();
};

export const dismiss = async (conflict) => {
  if (desk.refused.includes(conflict)) await keeping.drop(conflict);
  desk.refused = desk.refused.filter((one) => one !== conflict);
  desk.conflicts = desk.conflicts.filter((one) => one !== conflict);
  await keeping.keep("conflicts", desk.conflicts);
  if (desk.isEnded) await close();
  changed();
};

// Its number stands on a badge by now.
export const written = async (badge) => {
  desk.badges = desk.badges.filter((one) => one !== badge);
  await kept();
  changed();
};

// With what the server just told, or with what the phone has of it.
export const begin = async (fresh) => {
  const roster = await keeping.find("roster");
  const known = fresh ? { ...fresh, badges: roster?.badges, at: Date.now() } : { ...(await keeping.find("desk")), ...roster }; // badges are this phone's own
  const { version = "", rows = [], present = {}, badges = [], ...rest } = known;
  Object.assign(desk, { told: rest, version, rows, badges, isEnded: (await keeping.until()) <= Date.now(), isTooLate: false });
  const reports = await keeping.queued();
  desk.queue = reports.filter(({ why }) => !why);
  desk.refused = reports.filter(({ why }) => why);
  desk.conflicts = (await keeping.find("conflicts")) ?? [];
  desk.present = merged(present);
  desk.chosen = "";
  desk.room = (await keeping.find("room")) ?? "";
  follow();
  if (fresh) { await keeping.keep("desk", rest); await kept(); }
  if (desk.isEnded) await close();
  addEventListener("online", send);
  changed();
  if (keeping.isUnlocked()) send();
};
