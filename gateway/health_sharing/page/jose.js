// SMART Health Links (HL7, STU 1): the payload after "shlink:/", and files as compact JWE (RFC 7516).
const LARGEST_TEXT = 30_000_000;
class Refusal extends Error {}

function bytesOf(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new Refusal("damaged");
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

function parseLink(fragment) {
  const found = /shlink:\/([A-Za-z0-9_-]+)=*$/.exec(fragment);
  if (!found) throw new Refusal("noKey");
  let payload;
  try {
    payload = JSON.parse(new TextDecoder("utf-8", {fatal: true}).decode(bytesOf(found[1])));
  } catch (error) { throw new Refusal("noKey"); }
  if (!payload || typeof payload.url !== "string" || !/^[A-Za-z0-9_-]{43}$/.test(payload.key || "")) throw new Refusal("noKey");
  let url;
  try { url = new URL(payload.url); } catch (error) { throw new Refusal("noKey"); }
  if (url.origin !== location.origin || !/\/shl\/[A-Za-z0-9_-]{43}$/.test(url.pathname)) throw new Refusal("elsewhere");
  const flag = String(payload.flag || ""), ends = Number(payload.exp) || 0;
  return {url: url.href, key: payload.key, asksPasscode: flag.includes("P"), ends};
}

const canDecrypt = () => Boolean(globalThis.isSecureContext && crypto.subtle && globalThis.DecompressionStream);

async function decrypt(jwe, key) {
  const parts = String(jwe).trim().split(".");
  if (parts.length !== 5 || parts[1] !== "") throw new Refusal("damaged");
  const header = JSON.parse(new TextDecoder().decode(bytesOf(parts[0])));
  if (header.alg !== "dir" || header.enc !== "A256GCM" || (header.zip ?? "DEF") !== "DEF" || header.crit) throw new Refusal("damaged");
  const [iv, sealed, tag] = parts.slice(2).map(bytesOf);
  if (iv.length !== 12 || tag.length !== 16) throw new Refusal("damaged");
  const whole = new Uint8Array(sealed.length + tag.length);
  whole.set(sealed); whole.set(tag, sealed.length);
  const secret = await crypto.subtle.importKey("raw", bytesOf(key), "AES-GCM", false, ["decrypt"]);
  const how = {name: "AES-GCM", iv, additionalData: new TextEncoder().encode(parts[0]), tagLength: 128};
  const plain = new Uint8Array(await crypto.subtle.decrypt(how, secret, whole));
  return new TextDecoder().decode(header.zip ? await inflate(plain) : plain);
}

async function inflate(packed) {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const pieces = [];
  let size = 0;
  for (;;) {
    const {done, value} = await reader.read();
    if (done) break;
    size += value.length;
    if (size > LARGEST_TEXT) { await reader.cancel(); throw new Refusal("damaged"); }
    pieces.push(value);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

// Numbers keep the digits they were written with ("1.50") where the browser gives them.
const readJson = (text) => JSON.parse(text, (name, value, context) => (typeof value === "number" ? context?.source ?? String(value) : value));
