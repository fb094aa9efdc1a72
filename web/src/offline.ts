import { free, hold } from "./forms";
import { type Kept, forget, keep, keptAs, keptFor, whenForgotten } from "./kept";
import { type Bar, type Line, keptBar, make, moment } from "./kept-bar";
import { type Answer, send, tokenFor } from "./sending";

/** Somebody who presses a button waits this long at most. */
const PRESSED_MS = 10_000;
/** A long text over a poor line takes its time. */
const KEPT_MS = 60_000;
const EVERY_MS = 30_000;
/** A device that takes longer to keep something cannot. */
const DISK_MS = 3_000;
/** The server knows a press again for 60 days (crates/server/src/serve.rs). What may have arrived is not sent by itself after that. */
const KNOWN_FOR_MS = 59 * 24 * 3600_000;

/** The press whose answer the next page shows. */
const ANSWERED = "commonweal-answered";
const OPENED = "#kept=";

/**
 * Keeps what is written in these forms on the device until the server has it: it is kept before it is sent, sent again
 * by itself, in nobody else's name, and always with the key of the first press, so that it is saved once.
 */
export function keepOffline(forms: HTMLFormElement[]): void {
  const viewer = document.body.dataset["viewer"];
  if (!viewer || !("indexedDB" in window)) return;
  let bar: Bar | undefined;
  const theBar = () =>
    (bar ??= keptBar({ sendAll: () => void tryAll(true), open: (entry) => open(forms, entry), discard: (entry) => void discard(entry) }));
  let every = 0;
  let reads = 0;
  // Once somebody else is signed in, this page sends nothing by itself any more: the writer's next page does.
  let away = false;

  const refresh = async () => {
    const mine = ++reads;
    const entries = await keptFor(viewer).catch((): Kept[] => []);
    // Another tab's message may have had this read again meanwhile: what was read last is shown.
    if (mine !== reads) return entries;
    if (entries.length > 0 || bar) theBar().show(entries.map(line));
    window.clearInterval(every);
    if (entries.length > 0 && !away) every = window.setInterval(() => void tryAll(false), EVERY_MS);
    return entries;
  };

  const tryAll = async (asked: boolean) => {
    const entries = await refresh();
    if ((away && !asked) || !entries.some((entry) => asked || whyNot(entry) === undefined)) return;
    if (asked) theBar().say("important", "Sending …");
    const done = await alone("all", () => sendAll(viewer, asked));
    away = done?.last?.came === "signed out";
    await refresh();
    if (!done) {
      if (asked) theBar().say("important", "It is being sent already.");
      return;
    }
    if (done.saved.length > 0) theBar().say("done", "What was kept on this device is sent: ", ...done.saved.flatMap(links));
    else if (asked) theBar().say("important", ...(done.last ? stillKept(done.last) : ["It was not taken. Below it says why."]));
    if (asked) theBar().lookAt();
  };

  const discard = async (entry: Kept) => {
    const gone = await alone(entry.once, async () => (await forget(entry.once), true));
    await refresh();
    theBar().say(gone ? "done" : "important", gone ? "It is discarded." : "It is being sent at this moment.");
    theBar().lookAt();
  };

  for (const form of forms) {
    theBar();
    form.addEventListener("submit", (event) => {
      const button = event.submitter instanceof HTMLButtonElement ? event.submitter : undefined;
      if (event.defaultPrevented || button?.dataset["notKept"] !== undefined || !canBeKept(form)) return;
      event.preventDefault();
      void press(form, button, entryOf(form, button, viewer), theBar(), refresh);
    });
  }
  void begin(forms).catch(() => undefined).then(() => tryAll(false));
  whenForgotten(() => void refresh());
  window.addEventListener("online", () => void tryAll(false));
  document.addEventListener("visibilitychange", () => void (document.visibilityState === "visible" && tryAll(false)));
}

/** What an earlier page left to be done on this one. */
async function begin(forms: HTMLFormElement[]): Promise<void> {
  const answered = sessionStorage.getItem(ANSWERED);
  sessionStorage.removeItem(ANSWERED);
  // The page of the answer holds what was typed; another page comes where the answer did not.
  if (answered !== null && document.querySelector(".govuk-error-summary, .kept")) await forget(answered);
  if (!location.hash.startsWith(OPENED)) return;
  const entry = await keptAs(location.hash.slice(OPENED.length));
  history.replaceState(null, "", here());
  const form = forms.find((form) => form.action === entry?.action);
  if (form && entry && entry.viewer === document.body.dataset["viewer"]) fill(form, entry);
}

/** A button is pressed: what is written is kept, then sent. */
async function press(form: HTMLFormElement, button: HTMLButtonElement | undefined, entry: Kept, bar: Bar, refresh: () => Promise<unknown>): Promise<void> {
  try {
    await inTime(keep(entry));
  } catch {
    submitAsIs(form, button);
    return;
  }
  // Where another tab sends it at this moment, the second sending leads where the first did.
  const answer = (await alone(entry.once, () => sendPressed(form, entry))) ?? (await sendPressed(form, entry));
  if (answer.came === "saved") {
    await forget(entry.once).catch(() => undefined);
    hold(form);
    location.assign(answer.at);
  } else if (answer.came === "refused") {
    sessionStorage.setItem(ANSWERED, entry.once);
    submitAsIs(form, button);
  } else if (nothingWritten(form)) {
    await forget(entry.once);
    free(form);
    bar.say("important", "It could not be sent. Nothing is written yet, so nothing is kept.");
    bar.lookAt();
  } else {
    clear(form);
    free(form);
    await refresh();
    bar.say("important", ...stillKept(answer));
    bar.lookAt();
  }
}

async function sendPressed(form: HTMLFormElement, entry: Kept): Promise<Answer> {
  const token = hidden(form, "form_token");
  const answer = await send(entry, token?.value ?? "", PRESSED_MS);
  if (answer.came !== "refused" || answer.status !== 403) return answer;
  // The form may have gone stale.
  const fresh = await tokenFor(entry, PRESSED_MS);
  if (typeof fresh !== "string") return fresh;
  if (token) token.value = fresh;
  return send(entry, fresh, PRESSED_MS);
}

interface Done {
  saved: { title: string; at: string }[];
  /** Why it went no further. */
  last?: Answer;
}

/** One after the other, and no further than the line reaches. */
async function sendAll(viewer: string, asked: boolean): Promise<Done> {
  const done: Done = { saved: [] };
  for (const { once, title } of (await keptFor(viewer)).filter((entry) => asked || whyNot(entry) === undefined)) {
    const answer = await alone(once, () => sendAgain(once));
    if (answer?.came === "saved") done.saved.push({ title, at: answer.at });
    if (answer?.came === "nothing" || answer?.came === "signed out") return { ...done, last: answer };
  }
  return done;
}

async function sendAgain(once: string): Promise<Answer | undefined> {
  const entry = await keptAs(once);
  // Another tab has sent it meanwhile.
  if (!entry) return undefined;
  const token = await tokenFor(entry, KEPT_MS);
  if (typeof token !== "string") return token;
  entry.tried ??= Date.now();
  delete entry.refused;
  await keep(entry);
  const answer = await send(entry, token, KEPT_MS);
  if (answer.came === "saved") await forget(once);
  if (answer.came === "refused") await keep({ ...entry, refused: answer.why });
  return answer;
}

function line(entry: Kept): Line {
  return { entry, why: whyNot(entry) };
}

/** Why it is not sent by itself. */
function whyNot({ refused, tried }: Kept): string | undefined {
  if (refused !== undefined) return `It was not recorded: ${refused}`;
  if (tried === undefined || Date.now() - tried < KNOWN_FOR_MS) return undefined;
  return `It was sent on ${moment(tried)}, and no answer came. Look whether it is recorded before you send it again.`;
}

function stillKept(answer: Answer): (Node | string)[] {
  if (answer.came === "signed out") {
    const signIn = make("a", "", "Sign in");
    signIn.href = `/sign-in?next=${encodeURIComponent(here())}`;
    return ["You are signed out. What you wrote is kept on this device and is sent by itself when you have signed in again. ", signIn];
  }
  if (answer.came === "nothing" && answer.reached) {
    return ["It cannot be saved at the moment. What you wrote is kept on this device and is sent by itself as soon as it can be."];
  }
  return ["There is no connection. What you wrote is kept on this device and is sent by itself when there is one."];
}

function links({ title, at }: { title: string; at: string }, i: number): (Node | string)[] {
  const link = make("a", "", title);
  link.href = new URL(at).pathname;
  return i === 0 ? [link] : [", ", link];
}

/** Runs it unless it runs already, in this tab or another. */
async function alone<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
  if ("locks" in navigator) {
    return navigator.locks.request(`commonweal-kept-${name}`, { ifAvailable: true }, async (lock) => (lock ? work() : undefined));
  }
  if (running.has(name)) return undefined;
  running.add(name);
  return work().finally(() => running.delete(name));
}

const running = new Set<string>();

function inTime<T>(work: Promise<T>): Promise<T> {
  return Promise.race([work, new Promise<T>((_, late) => window.setTimeout(late, DISK_MS))]);
}

/** Files are too large to keep. */
function canBeKept(form: HTMLFormElement): boolean {
  return [...form.querySelectorAll<HTMLInputElement>("input[type=file]")].every((box) => box.value === "");
}

function entryOf(form: HTMLFormElement, button: HTMLButtonElement | undefined, viewer: string): Kept {
  const fields: [string, string][] = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "form_token" && name !== "once") fields.push([name, value]);
  }
  if (button && button.name !== "") fields.push([button.name, button.value]);
  const at = Date.now();
  return {
    once: hidden(form, "once")?.value ?? newKey(),
    viewer,
    action: form.action,
    page: form.dataset["keepOffline"] || here(),
    title: titleOf(form) || "Without a title",
    at,
    fields,
    words: longTexts(form).join("\n\n"),
    ...(navigator.onLine ? { tried: at } : {}),
  };
}

function titleOf(form: HTMLFormElement): string {
  return form.querySelector<HTMLInputElement>("input[name=title]")?.value.trim() ?? "";
}

function longTexts(form: HTMLFormElement): string[] {
  return [...form.querySelectorAll("textarea")].map((box) => box.value.trim()).filter((text) => text !== "");
}

function nothingWritten(form: HTMLFormElement): boolean {
  return titleOf(form) === "" && longTexts(form).length === 0;
}

function hidden(form: HTMLFormElement, name: string): HTMLInputElement | null {
  return form.querySelector<HTMLInputElement>(`input[type=hidden][name="${name}"]`);
}

/** As without script. The way of a form's own submit is not gone again. */
function submitAsIs(form: HTMLFormElement, button: HTMLButtonElement | undefined): void {
  if (button && button.name !== "") {
    const pressed = make("input", "");
    [pressed.type, pressed.name, pressed.value] = ["hidden", button.name, button.value];
    form.append(pressed);
  }
  hold(form);
  HTMLFormElement.prototype.submit.call(form);
}

/** An empty form for what is written next, with a key of its own: with the old one, the server would take it for what is kept. */
function clear(form: HTMLFormElement): void {
  const summary = document.querySelector(".govuk-error-summary");
  if (summary) {
    // A form that came back with what is wrong begins with what was typed, and with what was agreed to.
    summary.remove();
    for (const message of form.querySelectorAll(".govuk-error-message")) message.remove();
    for (const box of form.querySelectorAll("textarea")) box.defaultValue = "";
    for (const box of form.querySelectorAll("input")) {
      if (box.type === "radio" || box.type === "checkbox") box.defaultChecked = false;
      else if (box.type !== "hidden") box.defaultValue = "";
    }
  }
  form.reset();
  const once = hidden(form, "once");
  if (once) once.value = newKey();
}

function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Shows something kept in its form again, on this page or where that stands. */
function open(forms: HTMLFormElement[], entry: Kept): void {
  const form = forms.find((form) => form.action === entry.action && form.dataset["keepOffline"] === entry.page);
  if (form && nothingWritten(form)) {
    fill(form, entry);
    return;
  }
  location.assign(`${entry.page}${OPENED}${entry.once}`);
  // An address that differs in its end only opens nothing.
  if (here() === entry.page) location.reload();
}

function here(): string {
  return location.pathname + location.search;
}

function fill(form: HTMLFormElement, entry: Kept): void {
  const rest = [...entry.fields];
  const take = (name: string) => {
    const i = rest.findIndex(([field]) => field === name);
    return i < 0 ? undefined : rest.splice(i, 1)[0]?.[1];
  };
  for (const box of form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>("input, textarea, select")) {
    if (box.name === "form_token" || box.name === "once") continue;
    if (box instanceof HTMLInputElement && (box.type === "radio" || box.type === "checkbox")) {
      box.checked = entry.fields.some(([name, value]) => name === box.name && value === box.value);
    } else if (!(box instanceof HTMLInputElement) || box.type !== "file") {
      box.value = take(box.name) ?? "";
    }
  }
  // The same press again, so that what is kept goes with it.
  const once = hidden(form, "once");
  if (once) once.value = entry.once;
  form.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select")?.focus();
}
