import type { Kept } from "./kept";

/** What came of sending something. */
export type Answer =
  /** It is saved, now or when it was sent before, and shown at this address. */
  | { came: "saved"; at: string }
  /** The server read it and did not take it. */
  | { came: "refused"; status: number; why: string }
  | Unheard;

/** Nothing was said about it, so it is to be sent again. */
type Unheard =
  /** Whoever wrote it is not the one who is signed in now. */
  | { came: "signed out" }
  | { came: "nothing"; reached: boolean };

/** Sends it, with the token of a form that the server handed out. */
export async function send(entry: Kept, token: string, withinMs: number): Promise<Answer> {
  const body = new URLSearchParams(entry.fields);
  body.set("form_token", token);
  body.set("once", entry.once);
  const reply = await ask(entry.viewer, entry.action, withinMs, { method: "POST", body });
  if ("came" in reply) return reply;
  if (reply.redirected) return { came: "saved", at: reply.url };
  return { came: "refused", status: reply.status, why: reasonOn(reply.page) };
}

/** The token that holds now: somebody may have signed out and in again since the form was opened. */
export async function tokenFor(entry: Kept, withinMs: number): Promise<string | Unheard> {
  const reply = await ask(entry.viewer, entry.page, withinMs);
  if ("came" in reply) return reply;
  // A page that has no such form still has the one that signs out.
  return reply.page.querySelector<HTMLInputElement>("input[name=form_token]")?.value ?? { came: "nothing", reached: true };
}

interface Reply {
  status: number;
  url: string;
  redirected: boolean;
  page: Document;
}

/** One of our pages, as this person sees it. */
async function ask(viewer: string, address: string, withinMs: number, how: RequestInit = {}): Promise<Reply | Unheard> {
  const stop = new AbortController();
  const late = window.setTimeout(() => stop.abort(), withinMs);
  try {
    const reply = await fetch(address, { ...how, signal: stop.signal });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const { status, url, redirected } = reply;
    // 408 and 429 ask for another try as well.
    if (status >= 500 || status === 408 || status === 429) return { came: "nothing", reached: true };
    if (page.body.dataset["viewer"] === viewer) return { status, url, redirected, page };
    // A network that wants one to sign in to itself answers in our name.
    return page.querySelector(".bar-home") ? { came: "signed out" } : { came: "nothing", reached: false };
  } catch {
    return { came: "nothing", reached: false };
  } finally {
    window.clearTimeout(late);
  }
}

function reasonOn(page: Document): string {
  const wrong = [...page.querySelectorAll(".govuk-error-summary__list li")].map((line) => line.textContent?.trim() ?? "");
  return wrong.join(". ") || page.querySelector(".lead")?.textContent?.trim() || page.title;
}
