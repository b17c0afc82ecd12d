// What a desk's page shows of its work (desk-work.js). Names go in as text, never as markup.
import * as work from "./desk-work.js";

const { desk } = work;
const part = (name) => document.querySelector(`[data-${name}]`);
const outcomes = [...part("words").querySelectorAll("[data-outcome]")].map((one) => [one.dataset.outcome, one.textContent]);
const words = { ...part("words").dataset, ...Object.fromEntries(outcomes) };
const status = part("status");

export const view = (name) => { for (const one of document.querySelectorAll("[data-view]")) one.hidden = one.dataset.view !== name; };

export const tell = (name, count) => {
  for (const one of document.querySelectorAll("[data-case]:not([data-case=insecure])")) one.hidden = one.dataset.case !== name;
  if (count) document.querySelector(`[data-case="${name}"] [data-count]`).textContent = count;
};

const made = (tag, text = "", attributes = {}) => Object.assign(document.createElement(tag), { textContent: text, ...attributes });

const verdicts = { present: "", sent: "", again: "verdict--wait", waiting: "verdict--wait", room: "verdict--wait", beside: "verdict--wait" };
const GOOD = ["present", "sent"];
let last = {}; // what the verdict says
let session = ""; // to which it belongs

const filled = (pattern = "", said = {}) => pattern.replace(/\{(\w+)\}/g, (_whole, name) => said[name]);

// Of whoever was written down at the door a badge is to be written: its number is the server's to give.
const badge = ({ outcome, kind, number }) => {
  const isNew = ["new", "instead"].includes(kind) && GOOD.includes(outcome);
  part("number").hidden = !number;
  part("number").querySelector("b").textContent = number ?? "";
  part("write").hidden = !(isNew && number);
  part("no-number").hidden = !(isNew && !number);
};

export const verdict = (said) => {
  const { outcome, kind, row, number, name, where, from, at, why } = said;
  const box = part("verdict");
  const isGood = GOOD.includes(outcome);
  last = said;
  box.className = `verdict ${verdicts[outcome] ?? "verdict--stop"}`;
  box.querySelector("[data-sign=good]").hidden = !(isGood || outcome === "again");
  box.querySelector("[data-sign=bad]").hidden = isGood || outcome === "again";
  const who = row?.name ?? name ?? "";
  part("big").textContent = isGood ? who : filled(words[outcome] ?? why, { room: where, at });
  badge({ outcome, kind, number: row?.number ?? number });
  const room = from ? filled(words.moved, { from, to: where }) : outcome !== "beside" && where;
  part("small").textContent = [isGood ? `${words.at} ${at}` : who, room, row?.unit || row?.place].filter(Boolean).join(" · ");
  box.hidden = false;
};

// What the server said of the report whose verdict stands here: a number, or that nobody was recorded.
export const answer = (said) => { if (said.nonce && said.nonce === last.nonce) verdict({ ...last, row: desk.rows.find(({ number }) => number === said.number), ...said }); };

const button = (label, act, look = "button") => Object.assign(made("button", label, { type: "button", className: look }), { onclick: act });

const line = (row, act) => {
  const one = made("li");
  const text = made("div");
  text.append(made("b", row.name, { lang: "vi" }), made("p", [`${words.badge} ${row.number}`, row.unit, row.place, row.instead && `${words.stands} ${row.instead}`].filter(Boolean).join(" · "), { lang: "vi" }));
  one.append(text);
  const room = work.isSeated(row) ? work.roomOf(row) : undefined;
  const at = work.timeOf(row.number, room?.key);
  if (room) text.append(made("p", at ? filled(words.beside, { room: room.where, at }) : `${words.listed} ${room.where}`, { lang: "vi" }));
  if (at && room) one.append(button(filled(words.shift, { from: room.where, to: work.whereOf(desk.session) }), () => act(row, "take"), "button button--second"));
  else if (at) one.append(made("span", at, { className: "tag tag--ok" }));
  else if (room) {
    one.append(button(`${words.there}: ${room.where}`, () => act(row, "own")), button(words.move, () => act(row, "take"), "button button--second"));
  } else if (work.isSeated(row)) {
    one.append(button(words.there, () => act(row, "scan")));
    const more = made("p", "", { className: "door__more" });
    more.append(button(words.instead, () => act(row, "instead"), "tool"));
    one.append(more);
  } else if (row.state === "replaced") one.append(made("span", words.replaced, { className: "tag" }));
  else one.append(button(words.take, () => act(row, "take"), "button button--second"), made("p", words[row.state], { className: "door__more" }));
  return one;
};

export const results = (rows, query, act) => {
  part("found").replaceChildren(...rows.map((row) => line(row, act)));
  part("none").hidden = rows.length > 0 || !query.trim();
};

const listed = (name, rows, draw) => {
  const box = part(name);
  box.hidden = !rows.length;
  box.querySelector("[data-count]").textContent = rows.length;
  box.querySelector("ul").replaceChildren(...rows.map(draw));
};

const conflict = (mend) => (one) => {
  const row = made("li");
  const text = made("div");
  text.append(made("b", one.name, { lang: "vi" }), made("p", `${one.time}: ${one.why}`));
  row.append(text, button(words.seen, () => work.dismiss(one), "tool"));
  if (["new", "instead"].includes(one.kind) && !desk.isEnded) row.append(button(words.mend, () => mend(one), "tool"));
  return row;
};

const toWrite = (one) => {
  const row = made("li");
  const text = made("div");
  text.append(made("b", one.name, { lang: "vi" }), made("p", `${words.badge} ${one.number}`));
  row.append(text, button(words.written, () => work.written(one), "tool"));
  return row;
};

const waiting = (one) => {
  const row = made("li");
  row.append(made("b", one.name, { lang: "vi" }), made("p", words.here));
  return row;
};

// In which of the rooms of this hour the desk stands, before anything else.
const ask = () => {
  part("ask").hidden = !desk.asked.length || desk.isEnded;
  if (part("ask").hidden) return;
  const shown = [...part("rooms").children].map(({ dataset, textContent }) => dataset.key + textContent).join();
  if (shown !== desk.asked.map(({ key, where }) => key + where).join()) part("rooms").replaceChildren(...desk.asked.map(({ key, where }) => {
    const row = made("p", "", { lang: "vi" });
    row.dataset.key = key; // rooms are called alike in the morning and in the afternoon
    row.append(button(where, () => work.choose(key), "button button--big button--fill"));
    return row;
  }));
};

const sessions = () => {
  const all = desk.told.sessions;
  const box = part("sessions");
  box.hidden = all.length < 2 || desk.asked.length > 0;
  const choice = box.querySelector("select");
  const same = [...choice.options].map(({ text, value }) => value + text).join() === all.map(({ key, name }) => key + name).join();
  if (!same) choice.replaceChildren(...all.map(({ key, name }) => new Option(name, key))); // else a list that somebody has open would shut
  choice.value = desk.session;
};

export const places = () => {
  const choice = document.getElementById("new-place");
  choice.replaceChildren(...desk.told.places.map(({ key, name }) => new Option(name, key)));
  choice.value = desk.told.place;
  elsewhere();
};

// Where somebody is from another province its commune is typed.
export const elsewhere = () => {
  const typed = document.getElementById("new-elsewhere");
  typed.required = document.getElementById("new-place").value === "other";
  typed.closest(".field").hidden = !typed.required;
};

// Asks whether who is about to be written down is one of those whom the desk knows already; of none it asks nothing.
export const namesakes = (found, same, instead) => {
  part("namesakes").hidden = !found.length;
  part("own").hidden = !instead;
  part("own").textContent = instead ? filled(part("own").dataset.said, instead) : "";
  part("write-down").hidden = found.length > 0;
  part("alike").replaceChildren(...found.map((one) => {
    const known = one.row ? [one.row.name, filled(words.numbered, one.row), one.row.unit, one.row.place] : [one.name, filled(words.just, one)];
    const box = made("div", "", { className: "stack-s" });
    box.append(made("p", filled(words.may, { who: known.filter(Boolean).join(", ") }), { lang: "vi" }), button(words.same, () => same(one), "button button--fill"));
    return box;
  }));
  part("namesakes").querySelector("button")?.focus();
};

const ending = () => {
  part("at-work").hidden = desk.isEnded || desk.asked.length > 0;
  part("ended").hidden = !desk.isEnded;
  part("ended-waiting").hidden = !desk.queue.length || desk.isTooLate;
  part("too-late").hidden = !desk.queue.length || !desk.isTooLate;
};

export const all = (mend) => {
  const { present, expected } = work.counts();
  const here = desk.told.sessions.find(({ key }) => key === desk.session);
  if (session !== desk.session) part("verdict").hidden = true; // whoever it names stood in another room
  session = desk.session;
  part("where").textContent = [here?.name, desk.told.desk].filter(Boolean).join(" · ");
  part("counted").hidden = part("bar").hidden = desk.asked.length > 0;
  part("present").textContent = present;
  part("expected").textContent = expected;
  Object.assign(part("bar"), { max: expected || 1, value: present });
  ask();
  sessions();
  ending();
  listed("conflicts", [...desk.refused, ...desk.conflicts], conflict(mend));
  listed("badges", desk.badges, toWrite);
  listed("waiting-list", desk.queue, waiting);
  const said = desk.queue.length ? `${status.dataset.waiting} ${desk.queue.length}` : status.dataset.saved;
  if (status.textContent !== said) status.textContent = said;
  status.className = `status status--${desk.queue.length ? "waiting" : "saved"}`;
};
