/** So long after the last key, what was written is saved. */
const PAUSE_MS = 2500;

/** Saves a form as one writes, and says so quietly. Without script, the button does. */
export function saveAsYouGo(places: HTMLElement[]): void {
  for (const place of places) {
    const form = place.querySelector("form");
    const said = place.querySelector<HTMLElement>("[data-saved]");
    if (form && said) watch(form, said);
  }
}

function watch(form: HTMLFormElement, said: HTMLElement): void {
  let pause = 0;
  let saving = Promise.resolve();
  let leaving = false;
  const later = () => {
    window.clearTimeout(pause);
    pause = window.setTimeout(() => {
      saving = saving.then(() => (leaving ? undefined : save(form, said)));
    }, PAUSE_MS);
  };
  form.addEventListener("input", later);
  form.addEventListener("submit", () => {
    leaving = true;
    window.clearTimeout(pause);
  });
}

async function save(form: HTMLFormElement, said: HTMLElement): Promise<void> {
  const sent = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") sent.append(name, value);
  sent.set("then", "auto");
  try {
    const reply = await fetch(form.action, { method: "POST", body: sent });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    if (reply.ok && new URL(reply.url).pathname === new URL(form.action).pathname) {
      takeOver(form, page);
      const time = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
      said.textContent = fileChosen(form) ? `Saved ${time}. The file you chose is sent when you press a button.` : `Saved ${time}`;
    } else if (reply.status === 409) {
      said.textContent = "Somebody else changed this too. Press “Save and stay” to see both.";
    } else if (reply.status === 422) {
      said.textContent = "Saved, but for what cannot be read yet. Press “Save and stay” to see what.";
    } else {
      said.textContent = "Not saved. Press “Save and stay” to see why: what you wrote is kept on the page.";
    }
  } catch {
    said.textContent = "Not saved: the server cannot be reached. Keep this page open; it is tried again as you write.";
  }
}

/** Files are left out: they go once, when somebody means them to. */
function fileChosen(form: HTMLFormElement): boolean {
  return [...form.querySelectorAll<HTMLInputElement>("input[type=file]")].some((box) => box.value !== "");
}

/** The next save is another press of the button, and rests on the versions just saved. */
function takeOver(form: HTMLFormElement, page: Document): void {
  const fresh = [...page.querySelectorAll<HTMLFormElement>("form")].find((f) => f.getAttribute("action") === form.getAttribute("action"));
  for (const input of form.querySelectorAll<HTMLInputElement>("input[type=hidden]")) {
    if (input.name !== "once" && !input.name.startsWith("version.") && !input.name.startsWith("was.")) continue;
    const now = fresh?.querySelector<HTMLInputElement>(`input[name="${CSS.escape(input.name)}"]`);
    if (now) input.value = now.value;
  }
}
