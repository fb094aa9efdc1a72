import type { Kept } from "./kept";

/** Something kept, and why it is not sent by itself, where it is not. */
export interface Line {
  entry: Kept;
  why?: string | undefined;
}

/** What a person may do with what is kept. */
export interface Acts {
  sendAll(): void;
  /** Shows it in its form again, to be corrected. */
  open(entry: Kept): void;
  discard(entry: Kept): void;
}

/** Says at the top of a page what is kept on the device, and what became of it. */
export interface Bar {
  show(lines: Line[]): void;
  say(how: "done" | "important", ...words: (Node | string)[]): void;
  /** Takes whoever pressed something to what is said about it. */
  lookAt(): void;
}

export function keptBar(acts: Acts): Bar {
  // What is read out has to be there before its words are.
  const said = make("div", "on-device-said");
  said.setAttribute("role", "status");
  said.tabIndex = -1;
  const list = make("ul", "on-device-list");
  const heading = make("p", "on-device-name");
  const bar = make("section", "on-device");
  bar.setAttribute("aria-label", "Kept on this device");
  bar.hidden = true;
  const send = button("govuk-button govuk-button--secondary", "Send now", () => acts.sendAll());
  const stays = "It stays on this device until it is sent or discarded, also when you sign out.";
  bar.append(heading, make("p", "on-device-about", stays), list, send);
  const place = make("div", "", said, bar);
  place.dataset["kept"] = "";
  document.getElementById("main")?.prepend(place);

  let shown = "";
  return {
    show(lines) {
      // What is open stays open while nothing changes.
      const now = JSON.stringify(lines);
      if (now === shown) return;
      shown = now;
      bar.hidden = lines.length === 0;
      const one = lines.length === 1;
      heading.textContent = one ? "1 entry is kept on this device and not sent yet." : `${lines.length} entries are kept on this device and not sent yet.`;
      list.replaceChildren(...lines.map((line) => item(line, acts)));
    },
    say(how, ...words) {
      said.replaceChildren(make("div", `notice notice-${how}`, make("p", "", ...words)));
    },
    lookAt() {
      said.focus();
      window.scrollTo(0, 0);
    },
  };
}

function item({ entry, why }: Line, acts: Acts): HTMLElement {
  const name = `“${entry.title}”`;
  const about = make("span", "govuk-visually-hidden", ` ${name}`);
  const inside: Node[] = [make("p", "", make("b", "", name), `, written ${moment(entry.at)}`)];
  if (why !== undefined) inside.push(make("p", "on-device-why", why));
  if (entry.words !== "") {
    inside.push(make("details", "", make("summary", "", "What you wrote", about.cloneNode(true)), make("p", "on-device-words", entry.words)));
  }
  const question = make("p", "", `Discard ${name} for good? It is kept nowhere else.`);
  const discard = button("link-button", "Discard", () => ask(true), about);
  const back = button("link-button", "Keep it", () => ask(false));
  const asked = make("div", "", question, buttons(button("link-button", "Discard for good", () => acts.discard(entry)), back));
  asked.hidden = true;
  const offered = buttons(discard);
  if (why !== undefined) offered.prepend(button("link-button", "Open it in the form", () => acts.open(entry), about.cloneNode(true)));
  const ask = (yes: boolean) => {
    asked.hidden = !yes;
    offered.hidden = yes;
    (yes ? back : discard).focus();
  };
  return make("li", "", ...inside, offered, asked);
}

/** A day and an hour, as people say it. */
export function moment(at: number): string {
  return new Date(at).toLocaleString("en-GB", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
}

function buttons(...inside: HTMLElement[]): HTMLElement {
  return make("div", "on-device-buttons", ...inside);
}

function button(className: string, text: string, act: () => void, ...more: Node[]): HTMLButtonElement {
  const made = make("button", className, text, ...more);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

export function make<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, className: string, ...inside: (Node | string)[]): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.append(...inside);
  return made;
}
