// Reads an International Patient Summary, whatever it holds: a broken resource costs its own line.
const NONE = new Set(["no-known-allergies", "no-known-problems", "no-known-medications", "no-known-immunizations",
  "no-known-procedures", "no-known-devices", "716186003", "160245001", "787481004", "787482006", "787480003", "787483001"]);
const UNKNOWN = new Set(["no-allergy-info", "no-problem-info", "no-medication-info", "no-immunization-info", "no-procedure-info", "no-device-info"]);
const UNSURE = new Set(["unconfirmed", "provisional", "differential", "refuted", "entered-in-error"]);
const TAG = / \((finding|disorder|situation|substance|product|medicinal product|clinical drug|procedure|event|qualifier value|observable entity)\)$/;
const list = (value) => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]);
const object = (value) => (value && typeof value === "object" && !Array.isArray(value) ? value : {});
const text = (value) => (typeof value === "string" ? value.trim() : "");
const codesOf = (concept) => list(object(concept).coding).map((coding) => text(object(coding).code)).filter(Boolean);
const first = (...values) => values.find(Boolean) || "";

function concept(value) {
  const codings = list(object(value).coding).map(object);
  return first(text(object(value).text), ...codings.map((c) => text(c.display)), ...codings.map((c) => text(c.code))).replace(TAG, "");
}

function day(value) {
  const given = text(value), found = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?/.exec(given);
  if (!found) return given;
  if (/T.*(Z|[+-]\d\d:\d\d)$/.test(given) && !Number.isNaN(Date.parse(given)))
    return new Intl.DateTimeFormat("en-GB", {timeZone: "Asia/Ho_Chi_Minh"}).format(new Date(given));
  return [found[3], found[2], found[1]].filter(Boolean).join("/");
}
const period = (value) => [...new Set([day(object(value).start), day(object(value).end)].filter(Boolean))].join(" - ");
const when = (r, ...names) => first(...names.map((name) => (name.endsWith("Period") ? period(r[name]) : day(r[name]))));
const number = (value) => (language === "vi" ? String(value).replace(".", ",") : String(value));
function quantity(value) {
  const q = object(value);
  return q.value === undefined ? "" : `${text(q.comparator)}${number(q.value)} ${first(text(q.unit), text(q.code))}`.trim();
}

function valueOf(o) {
  const range = object(o.valueRange), ratio = object(o.valueRatio);
  return first(quantity(o.valueQuantity), concept(o.valueCodeableConcept), text(o.valueString),
    o.valueInteger !== undefined ? number(o.valueInteger) : "", typeof o.valueBoolean === "boolean" ? String(o.valueBoolean) : "",
    day(o.valueDateTime), [quantity(range.low), quantity(range.high)].filter(Boolean).join(" - "),
    [quantity(ratio.numerator), quantity(ratio.denominator)].filter(Boolean).join(" / "));
}
function judged(o) {
  const found = list(o.interpretation)[0], code = codesOf(found)[0] || "";
  if (["H", "HH", "HU"].includes(code)) return words().high;
  if (["L", "LL", "LU"].includes(code)) return words().low;
  if (["N", "NEG"].includes(code)) return words().normal;
  return code === "A" || code === "AA" ? words().abnormal : concept(found);
}
function rangeOf(o) {
  const found = object(list(o.referenceRange)[0]), low = quantity(found.low), high = quantity(found.high);
  const shown = low && high ? `${low} - ${high}` : low ? `≥ ${low}` : high ? `≤ ${high}` : text(found.text);
  return shown ? `${words().range}: ${shown}` : "";
}

function openBundle(bundle) {
  const entries = list(object(bundle).entry).map(object), index = new Map();
  for (const entry of entries) {
    const r = object(entry.resource), tail = text(entry.fullUrl).split("/").slice(-2).join("/");
    for (const name of [text(entry.fullUrl), tail, `${text(r.resourceType)}/${text(r.id)}`]) if (name && !index.has(name)) index.set(name, r);
  }
  const resolve = (reference, inside) => {
    const target = text(object(reference).reference).split("/_history/")[0];
    if (target.startsWith("#")) return list(object(inside).contained).map(object).find((r) => r.id === target.slice(1));
    return index.get(target) || index.get(target.split("/").slice(-2).join("/"));
  };
  const party = (reference, inside) => { const r = object(resolve(reference, inside)); return first(personName(r.name), text(object(reference).display)); };
  return {resources: entries.map((e) => object(e.resource)), resolve, party};
}
function personName(name) {
  if (typeof name === "string") return name.trim();
  const found = object(list(name)[0]), parts = [...list(found.prefix), text(found.family), ...list(found.given)];
  return first(text(found.text), parts.filter((part) => typeof part === "string").join(" ").trim());
}

function itemOf(r, open) {
  const w = words(), status = first(...codesOf(r.clinicalStatus), text(r.status)), verified = first(...codesOf(r.verificationStatus));
  const lines = [], add = (...parts) => { const line = parts.filter(Boolean).join(" · "); if (line) lines.push(line); };
  const states = [status, verified].map((s) => (Object.hasOwn(w.status, s) ? w.status[s] : "")).filter(Boolean).join(", ");
  let title = concept(r.code), children = [];
  if (r.resourceType === "AllergyIntolerance") {
    const signs = list(r.reaction).flatMap((one) => list(object(one).manifestation).map(concept)).filter(Boolean).join(", ");
    add(signs && `${w.reactions}: ${signs}`, r.criticality === "high" && w.risk);
    add(states, when(r, "onsetDateTime", "recordedDate"));
  } else if (r.resourceType.startsWith("Medication")) {
    title = first(concept(r.medicationCodeableConcept), concept(object(open.resolve(r.medicationReference, r)).code), text(object(r.medicationReference).display), title);
    add(...list(first(r.dosage, r.dosageInstruction)).map((d) => text(object(d).text)));
    add(states, when(r, "effectivePeriod", "effectiveDateTime", "authoredOn", "whenHandedOver"));
  } else if (r.resourceType === "Immunization") {
    title = concept(r.vaccineCode);
    const dose = object(list(r.protocolApplied)[0]), count = first(dose.doseNumberPositiveInt, text(dose.doseNumberString));
    add(when(r, "occurrenceDateTime") || text(r.occurrenceString), count && `${w.dose} ${count}`, text(r.lotNumber) && `${w.lot} ${r.lotNumber}`, states);
  } else if (r.resourceType === "Observation") {
    add(valueOf(r), judged(r), states); add(rangeOf(r)); add(when(r, "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued"));
    for (const part of list(r.component).map(object)) add([concept(part.code), valueOf(part)].filter(Boolean).join(": "), judged(part), rangeOf(part));
  } else if (r.resourceType === "DiagnosticReport") {
    add(text(r.conclusion), states); add(when(r, "effectiveDateTime", "effectivePeriod", "issued"));
    children = list(r.result).map((reference) => open.resolve(reference, r)).filter(Boolean);
  } else if (r.resourceType === "Encounter") {
    title = first(...list(r.reasonCode).map(concept), ...list(r.type).map(concept), concept({coding: list(r.class)}));
    add(open.party(r.serviceProvider, r), period(r.period), states);
  } else {
    title = first(title, concept(r.type), text(r.description), text(r.title));
    add(states, when(r, "onsetDateTime", "onsetPeriod", "performedDateTime", "performedPeriod", "date", "period", "recordedDate"), concept(r.severity));
  }
  for (const note of list(r.note)) add(text(object(note).text) && `${w.note}: ${object(note).text}`);
  if (!title) throw new Refusal("unreadable");
  return {title, lines, children};
}

function readSection(section, open) {
  const found = {code: codesOf(section.code)[0] || "", given: text(section.title), items: [], unreadable: 0, state: "unknown", reason: codesOf(section.emptyReason)[0] || "", by: "", on: ""};
  let none = null;
  const seen = new Set();
  const take = (r) => {
    if (seen.has(r)) return;
    seen.add(r);
    try {
      const codes = [r.code, r.vaccineCode, r.medicationCodeableConcept].flatMap(codesOf), verified = codesOf(r.verificationStatus);
      if (r.status === "entered-in-error" || verified.includes("entered-in-error")) return;
      if (codes.some((c) => NONE.has(c))) { if (!verified.some((v) => UNSURE.has(v))) none = r; return; }
      if (codes.some((c) => UNKNOWN.has(c))) return;
      const item = itemOf(r, open);
      found.items.push(item);
      item.children.forEach(take);
    } catch (error) { found.unreadable += 1; }
  };
  for (const reference of list(section.entry)) { const r = open.resolve(reference); if (r && r.resourceType) take(r); else found.unreadable += 1; }
  if (found.items.length || found.unreadable) found.state = "present";
  else if (none || found.reason === "nilknown") {
    found.state = "none";
    found.by = none ? first(open.party(none.asserter, none), open.party(none.recorder, none)) : "";
    found.on = none ? when(none, "recordedDate") : "";
  }
  return found;
}

function readBundle(bundle) {
  const open = openBundle(bundle), composition = open.resources.find((r) => r.resourceType === "Composition") || {};
  const patient = object(open.resolve(composition.subject) || open.resources.find((r) => r.resourceType === "Patient"));
  const sections = [], waiting = list(composition.section).map(object);
  while (waiting.length) { const one = waiting.shift(); waiting.unshift(...list(one.section).map(object)); sections.push(readSection(one, open)); }
  sections.sort((one, other) => (other.code === "48765-2") - (one.code === "48765-2"));
  return {name: personName(patient.name), born: day(patient.birthDate), sex: text(patient.gender), updated: day(first(composition.date, object(bundle).timestamp)), sections};
}
