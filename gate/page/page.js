// The display of a gate: a keyboard scanner types a line and Enter; a picture can be dropped or taken.
"use strict";
const SHOWN_MS = 4000, POLL_MS = 400, LONGEST = 4096;
const at = (id) => document.getElementById(id);
let typed = "", seen = -1, back = 0, idle = { word: "", hint: "" }, sound = null;

function show(state, sign, found) {
  document.body.dataset.state = state;
  at("sign").textContent = sign;
  at("word").textContent = found.word;
  at("group").textContent = found.group || "";
  at("hint").textContent = found.hint;
}

function rest() { show("idle", "", idle); }

function beep(pitches) {
  sound = sound || new AudioContext();
  pitches.forEach((pitch, n) => {
    const tone = sound.createOscillator(), loud = sound.createGain(), begin = sound.currentTime + n * 0.18;
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0.4, begin);
    loud.gain.exponentialRampToValueAtTime(0.001, begin + 0.16);
    tone.connect(loud).connect(sound.destination);
    tone.start(begin);
    tone.stop(begin + 0.17);
  });
}

function tell(found) {
  const closed = found.verdict === "not_ready";
  const state = found.passes ? "passes" : closed ? "closed" : "refused";
  show(state, found.passes ? "✓" : closed ? "!" : "✕", found);
  beep(found.passes ? [880, 1320] : [220, 165, 165]);
  clearTimeout(back);
  back = setTimeout(rest, SHOWN_MS);
}

async function send(path, body) {
  try {
    await fetch(path, { method: "POST", headers: { "X-Gate": "display" }, body });
    await look();
  } catch (error) { gone(); }
}

function gone() {
  clearTimeout(back);
  show("closed", "!", { word: document.body.dataset.gone, hint: "" });
}

async function look() {
  const board = await (await fetch("/board")).json();
  idle = board.idle;
  document.documentElement.lang = board.language;
  document.body.dataset.gone = board.gone;
  at("standing").textContent = board.standing;
  at("camera-words").textContent = board.camera;
  if (board.number !== seen) {
    const first = seen < 0;
    seen = board.number;
    if (board.answer && !first) { tell(board.answer); return; }
  }
  const busy = ["passes", "refused"].includes(document.body.dataset.state);
  if (board.closed) show("closed", "!", board.closed);
  else if (!busy) rest();
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Enter") {
    event.preventDefault();
    const text = typed;
    typed = "";
    if (text) send("/check", text);
  } else if (event.key.length === 1 && typed.length < LONGEST) {
    typed += event.key;
    event.preventDefault();
  }
});
at("file").addEventListener("change", () => { if (at("file").files[0]) send("/picture", at("file").files[0]); at("file").value = ""; });
addEventListener("dragover", (event) => { event.preventDefault(); document.body.classList.add("over"); });
addEventListener("dragleave", () => document.body.classList.remove("over"));
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("over");
  for (const file of event.dataTransfer.files) send("/picture", file);
});
(async function poll() {
  try { await look(); } catch (error) { gone(); }
  setTimeout(poll, POLL_MS);
})();
