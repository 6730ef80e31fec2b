// Draws with elements and text only: what a record holds is never markup here.
function el(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== "" && child !== null && child !== undefined));
  return made;
}

function drawItem(item) {
  return el("li", "", el("strong", "", item.title), ...item.lines.map((line) => el("p", "", line)));
}

function drawSection(section) {
  const w = words(), title = sectionTitle(section.code, section.given);
  const card = el("section", section.code === "48765-2" && section.items.length ? "card alarm" : "card", el("h2", "", title));
  if (section.items.length) card.append(el("ul", "", ...section.items.map(drawItem)));
  if (section.state === "none")
    card.append(el("p", "state none", el("span", "sign", "✓"), el("strong", "", w.none)), section.by ? el("p", "quiet", w.confirmed(section.by, section.on)) : "");
  if (section.state === "unknown" && section.reason === "withheld") card.append(el("p", "quiet", w.withheld));
  else if (section.state === "unknown")
    card.append(el("p", "state unknown", el("span", "sign", "?"), el("strong", "", w.unknown)), el("p", "quiet", Object.hasOwn(w.why, section.reason) ? w.why[section.reason] : w.noReason));
  if (section.unreadable) card.append(el("p", "bad-words", w.unreadable(section.unreadable)));
  return card;
}

function drawRecord(record, seen) {
  const w = words(), about = [{female: w.female, male: w.male}[record.sex], record.born && `${w.born} ${record.born}`, record.updated && `${w.updated} ${record.updated}`];
  const print = el("button", "main screen-only", w.print);
  print.addEventListener("click", () => globalThis.print());
  return [
    el("h1", "", record.name || w.noName), el("p", "quiet", about.filter(Boolean).join(" · ")),
    el("p", "note", `${w.openedBy(seen.recipient)} ${w.openedAt(seen.at)}. ${seen.until ? w.until(seen.until) : w.untilStopped} ${w.partial}`),
    ...record.sections.map(drawSection), el("p", "quiet", w.legend), print,
  ];
}

function drawMessage(name) {
  const w = words(), box = el("section", "message", el("h1", "", w[`${name}Title`]), el("p", "", w[name]));
  box.setAttribute("role", "alert");
  return [box];
}

function field(id, label, hint, kind) {
  const input = el("input"), named = el("label", "", label), below = el("p", "quiet", hint);
  Object.assign(input, {id, maxLength: kind.maxLength, autocomplete: kind.autocomplete, inputMode: kind.inputMode, value: kind.value, required: true});
  input.setAttribute("aria-describedby", `${id}-hint`);
  named.htmlFor = id; below.id = `${id}-hint`;
  return {input, parts: [named, input, below]};
}

function drawForm(link, draft, problem, busy, submit) {
  const w = words(), form = el("form", "card");
  const name = field("name", w.name, w.nameHint, {maxLength: 100, autocomplete: "name", inputMode: "text", value: draft.name});
  const passcode = field("passcode", w.passcode, w.passcodeHint, {maxLength: 12, autocomplete: "off", inputMode: "numeric", value: draft.passcode});
  const button = el("button", "main", busy ? w.opening : w.open);
  button.disabled = busy;
  form.noValidate = true;
  form.append(...name.parts, ...(link.asksPasscode ? passcode.parts : []), button);
  form.addEventListener("input", () => { draft.name = name.input.value; draft.passcode = passcode.input.value; });
  form.addEventListener("submit", (event) => { event.preventDefault(); if (!busy) submit(); });
  const alert = problem ? el("p", "note bad", problem) : "";
  if (alert) alert.setAttribute("role", "alert");
  return [el("h1", "", w.askTitle), el("p", "", w.askIntro), alert, form];
}
