/** Words that are selected in a text are put where they are to be marked, as long as nothing else was typed there. */
export function takeSelected(text: HTMLElement, box: HTMLTextAreaElement): void {
  let taken = "";
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const within = selection !== null && text.contains(selection.anchorNode) && text.contains(selection.focusNode);
    const words = within ? selection.toString().trim() : "";
    if (words === "" || (box.value.trim() !== "" && box.value !== taken)) return;
    taken = words;
    box.value = words;
  });
  // Whoever copied the words as well pastes them over these, and not behind them.
  box.addEventListener("focus", () => {
    if (taken !== "" && box.value === taken) box.select();
  });
}
