// Small conveniences. Every page works without them.
import { createAll, ErrorSummary, SkipLink } from "govuk-frontend";
import { keepBoth, keepCounts, keepSums, takeAnswers } from "./answers";
import { saveAsYouGo } from "./autosave";
import { takeSelected } from "./excerpts";
import { keepTypedText, pressOnce } from "./forms";
import { closeMenus } from "./menus";
import { keepOffline } from "./offline";
import { shrinkPictures } from "./pictures";

// govuk-frontend asks for this class before it does anything.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
createAll(ErrorSummary);
createAll(SkipLink);

const forms = [...document.querySelectorAll<HTMLFormElement>("form[data-form]")];
pressOnce(forms);
keepTypedText(forms);
keepOffline(forms.filter((form) => form.dataset["keepOffline"] !== undefined));
keepCounts([...document.querySelectorAll<HTMLElement>("[data-counts]")]);
keepSums([...document.querySelectorAll<HTMLTableElement>("table[data-budget]")]);
takeAnswers([...document.querySelectorAll<HTMLElement>("[data-instead]")]);
saveAsYouGo([...document.querySelectorAll<HTMLElement>("[data-autosave]")]);
keepBoth([...document.querySelectorAll<HTMLElement>(".clash")]);
shrinkPictures([...document.querySelectorAll<HTMLInputElement>("input[type=file][accept='image/jpeg,image/png']")]);
closeMenus([...document.querySelectorAll<HTMLDetailsElement>("details[data-menu]")]);

const [marked, words] = [document.querySelector<HTMLElement>(".marked"), document.querySelector<HTMLTextAreaElement>("textarea[name=words]")];
if (marked && words) takeSelected(marked, words);

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
