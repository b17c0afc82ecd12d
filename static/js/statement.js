// What an issuer signed of one certificate, as it stands in the address behind "#" (certificates/statements.py says in which form).
const PURPOSE = "giay-chung-nhan 1\0";
const VERSION = 1;
const [HEAD, DIGEST, SIGNATURE] = [9, 16, 64]; // bytes
const LEAST = 119; // letters of one
const DAY = 86400000;
const EPOCH = Date.UTC(2020, 0, 1);

// Whether the part behind "#" is meant as a statement, perhaps a damaged one: it begins with the version, or is as long as one. All else
// is a place on the page, such as a form or what the browser itself adds, and says nothing of the paper.
export const isMeant = (text) => /^A[Q-Za-f]/.test(text) || text.length >= LEAST;

const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

const hex = (part) => [...part].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const day = (part) => {
  const days = part[0] * 256 + part[1];
  return days ? new Date(EPOCH + days * DAY).toISOString().slice(0, 10) : "";
};

// Older browsers know the curve from a file alone.
const isSigned = async (key, signature, message) => {
  const asked = crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  const known = await asked.catch(() => null);
  if (known) return crypto.subtle.verify("Ed25519", known, signature, message);
  const { verifyAsync } = await import("./vendor/noble-ed25519.js");
  return verifyAsync(signature, message, key, { zip215: false });
};

const decoded = (text) => {
  try {
    return bytes(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return new Uint8Array();
  }
};

// null where letters are missing or are none of base64url: cut off on its way, or written by somebody who knows no better.
const parts = (text) => {
  const raw = decoded(text);
  const canon = btoa(String.fromCharCode(...raw)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  if (canon !== text || raw[0] !== VERSION || raw.length < HEAD + DIGEST + SIGNATURE) return null;
  return { body: raw.slice(0, -SIGNATURE), signature: raw.slice(-SIGNATURE) };
};

const said = (body) => {
  const words = new TextDecoder("utf-8", { fatal: true }).decode(body.slice(HEAD + DIGEST));
  const [number, name, course, code] = words.split("\x1f");
  return { number, name, course, code, issued: day(body.slice(5, 7)), expires: day(body.slice(7, 9)) };
};

// {kind} of what the address of the certificate `code` says: "damaged", "unknown" (by none of these keys), "forged", or "signed" and
// "disowned" with what is said and by whose key.
export const read = async (text, code, keys) => {
  const found = parts(text);
  if (!found) return { kind: "damaged" };
  const { body, signature } = found;
  try {
    const key = keys.find(({ kid }) => kid === hex(body.slice(1, 5)));
    if (!key) return { kind: "unknown" };
    const message = new Uint8Array([...new TextEncoder().encode(`${PURPOSE}${code}\0`), ...body]);
    if (!await isSigned(bytes(key.public), signature, message)) return { kind: "forged" };
    return { kind: key.disowned ? "disowned" : "signed", ...said(body), issuer: key.issuer, isSpecimen: key.specimen === true };
  } catch (fault) {
    if (fault instanceof TypeError && !navigator.onLine) throw fault; // its file could not be loaded
    return { kind: "forged" };
  }
};

// How the list of ended certificates knows it.
export const mark = async (text) => {
  const whole = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return String.fromCharCode(...new Uint8Array(whole).slice(0, 8));
};
