// The page's way: the link, a name and a passcode, the record, its end. The key never leaves this page.
const WATCH_MS = 5_000;
const state = {screen: "form", link: null, draft: {name: "", passcode: ""}, problem: null, busy: false, bundle: null, seen: null};
let watching = 0;

function show() {
  const w = words(), main = document.getElementById("main"), toggle = document.getElementById("language");
  document.documentElement.lang = language;
  document.title = `${w.title} · iHaNoi`;
  document.getElementById("title").textContent = w.title;
  document.getElementById("label").textContent = w.label;
  Object.assign(toggle, {textContent: w.other, hidden: false, lang: language === "vi" ? "en" : "vi"});
  if (state.screen === "form") main.replaceChildren(...drawForm(state.link, state.draft, state.problem && state.problem(), state.busy, submit).filter(Boolean));
  else if (state.screen === "record") main.replaceChildren(...drawRecord(readBundle(state.bundle), state.seen));
  else main.replaceChildren(...drawMessage(state.screen));
}

function end(reason) {
  clearInterval(watching);
  Object.assign(state, {screen: reason, bundle: null, link: null, seen: null, busy: false});
  show();
}

function ask(problem) { Object.assign(state, {problem, busy: false}); show(); }

async function submit() {
  const digits = state.draft.passcode.replace(/\s/g, "");
  if (!state.draft.name.trim()) return ask(() => words().needName);
  if (state.link.asksPasscode && !/^\d{6}$/.test(digits)) return ask(() => words().needPasscode);
  Object.assign(state, {busy: true, problem: null});
  show();
  try { await open(digits); } catch (error) {
    if (error instanceof Refusal) end(error.message);
    else ask(() => (error instanceof TypeError ? words().offline : words().server));
  }
}

const asking = {credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", redirect: "error"};

async function open(passcode) {
  const recipient = state.draft.name.trim(), link = state.link;
  const body = {recipient, ...(link.asksPasscode ? {passcode} : {})};
  const answer = await fetch(link.url, {...asking, method: "POST", headers: {"content-type": "application/json"}, body: JSON.stringify(body)});
  if (answer.status === 401) return wrong(await answer.json());
  if (answer.status === 404) return end(await reasonOf(answer));
  if (answer.status === 429) return ask(() => words().busy);
  if (!answer.ok) return ask(() => words().server);
  const manifest = await answer.json(), file = (manifest.files || []).find((one) => one.contentType === "application/fhir+json");
  if (!file) throw new Refusal("damaged");
  const jwe = file.embedded ?? (await (await fetch(file.location, asking)).text());
  try { state.bundle = readJson(await decrypt(jwe, link.key)); readBundle(state.bundle); } catch (error) { throw new Refusal("damaged"); }
  state.seen = {recipient, at: clock(new Date()), until: link.ends ? clock(new Date(link.ends * 1000)) : ""};
  Object.assign(state, {screen: "record", busy: false});
  history.replaceState(null, "", location.pathname);  // The key does not stay in the address.
  show();
  watching = setInterval(watch, WATCH_MS);
}

function wrong(answer) {
  const left = Number(answer.remainingAttempts) || 0;
  state.draft.passcode = "";
  return left ? ask(() => words().wrong(left)) : end("locked");
}

async function reasonOf(answer) {
  const said = await answer.json().catch(() => ({}));
  return ["stopped", "expired", "locked"].includes(said.reason) ? said.reason : "gone";
}

async function watch() {
  if (document.hidden || state.screen !== "record") return;
  if (state.link.ends && Date.now() >= state.link.ends * 1000) return end("expired");
  const answer = await fetch(state.link.url, asking).catch(() => null);
  if (answer && answer.status === 404 && state.screen === "record") end(await reasonOf(answer));
}

const clock = (moment) => new Intl.DateTimeFormat("en-GB", {timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit", year: "numeric"}).format(moment);

function begin() {
  Object.assign(state, {screen: "form", problem: null, busy: false, bundle: null});
  clearInterval(watching);
  try {
    state.link = parseLink(decodeURI(location.hash));
    if (!canDecrypt()) state.screen = "noCrypto";
  } catch (error) { state.screen = error instanceof Refusal ? error.message : "noKey"; }
  show();
}

document.getElementById("language").addEventListener("click", () => { language = language === "vi" ? "en" : "vi"; show(); });
addEventListener("visibilitychange", watch);
addEventListener("hashchange", () => { if (location.hash) begin(); });
begin();
