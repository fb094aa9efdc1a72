/** After this long, a press counts as lost on the way and may be made again. */
const LOST_AFTER_MS = 10_000;

const sent = new WeakSet<HTMLFormElement>();

/** Ignores a second press of a form that is on its way. The server would know it for a second press anyway. */
export function pressOnce(forms: HTMLFormElement[]): void {
  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      if (sent.has(form)) {
        event.preventDefault();
        return;
      }
      hold(form);
    });
  }
  // Coming back by the browser's own button shows the page as it was left.
  window.addEventListener("pageshow", () => forms.forEach(free));
}

/** It is on its way. */
export function hold(form: HTMLFormElement): void {
  sent.add(form);
  form.setAttribute("aria-busy", "true");
  window.setTimeout(() => free(form), LOST_AFTER_MS);
}

/** It can be pressed again. */
export function free(form: HTMLFormElement): void {
  sent.delete(form);
  form.removeAttribute("aria-busy");
}

/** Asks before a page is left with words on it that were not sent. */
export function keepTypedText(forms: HTMLFormElement[]): void {
  window.addEventListener("beforeunload", (event) => {
    if (forms.some((form) => !sent.has(form) && hasNewText(form)) && !forms.some((form) => sent.has(form))) {
      event.preventDefault();
    }
  });
}

function hasNewText(form: HTMLFormElement): boolean {
  return [...form.elements].some((element) => {
    if (element instanceof HTMLTextAreaElement) return element.value !== element.defaultValue;
    if (!(element instanceof HTMLInputElement)) return false;
    return element.type === "file" ? element.value !== "" : element.type === "text" && element.value !== element.defaultValue;
  });
}
