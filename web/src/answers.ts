/** After this long without a key, the count is read out. */
const PAUSE_MS = 1000;

/** Keeps the count of words or characters under a box right while one writes. */
export function keepCounts(counts: HTMLElement[]): void {
  for (const count of counts) {
    const box = document.getElementById(count.dataset["counts"] ?? "");
    const given = count.querySelector("[data-given]");
    const over = count.querySelector<HTMLElement>("[data-over]");
    if (!(box instanceof HTMLTextAreaElement || box instanceof HTMLInputElement) || !given || !over) continue;
    const most = Number(count.dataset["most"]);
    const said = document.createElement("span");
    said.className = "govuk-visually-hidden";
    said.setAttribute("role", "status");
    count.after(said);
    let pause = 0;
    box.addEventListener("input", () => {
      const number = count.dataset["what"] === "words" ? words(box.value) : [...box.value.trim()].length;
      given.textContent = number.toLocaleString("en-GB");
      over.hidden = number <= most;
      const tooMany = over.querySelector("span");
      if (tooMany) tooMany.textContent = Math.max(0, number - most).toLocaleString("en-GB");
      count.classList.toggle("counted-over", number > most);
      window.clearTimeout(pause);
      pause = window.setTimeout(() => (said.textContent = count.innerText), PAUSE_MS);
    });
  }
}

/** Whoever answers after all no longer skips the question. */
export function takeAnswers(asked: HTMLElement[]): void {
  for (const one of asked) {
    const name = one.dataset["instead"] ?? "";
    one.addEventListener("input", ({ target }) => {
      if (target instanceof HTMLElement && target.getAttribute("name") === name) return;
      const answer = one.querySelector<HTMLInputElement>(`input[name="${CSS.escape(name)}"][value=""]`);
      if (answer) answer.checked = true;
    });
  }
}

function words(text: string): number {
  return text.split(/\s+/).filter((word) => word !== "").length;
}

/** Keeps the sums of a budget right. What cannot be read as an amount counts as nothing, as on the server. */
export function keepSums(budgets: HTMLTableElement[]): void {
  for (const budget of budgets) budget.addEventListener("input", () => addUp(budget));
}

function addUp(budget: HTMLTableElement): void {
  const columns: bigint[] = [];
  for (const row of budget.tBodies[0]?.rows ?? []) {
    const amounts = [...row.querySelectorAll<HTMLInputElement>("input[data-amount]")].map((box) => pence(box.value));
    amounts.forEach((amount, i) => (columns[i] = (columns[i] ?? 0n) + amount));
    write(row.querySelector("[data-sum=row]"), sum(amounts));
  }
  budget.querySelectorAll("[data-sum=column]").forEach((cell, i) => write(cell, columns[i] ?? 0n));
  write(budget.querySelector("[data-sum=all]"), sum(columns));
}

function sum(amounts: bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

function pence(typed: string): bigint {
  const found = /^£*(\d+)(?:\.(\d{1,2}))?$/.exec(typed.replace(/[, ]/g, ""));
  return found ? BigInt(found[1] ?? 0) * 100n + BigInt((found[2] ?? "").padEnd(2, "0")) : 0n;
}

function write(cell: Element | null, amount: bigint): void {
  const rest = amount % 100n;
  const end = rest === 0n ? "" : `.${rest.toString().padStart(2, "0")}`;
  if (cell) cell.textContent = `£${(amount / 100n).toLocaleString("en-GB")}${end}`;
}

/** Who writes into the boxes of an answer that two people changed means to keep what they write. */
export function keepBoth(clashes: HTMLElement[]): void {
  for (const clash of clashes) {
    clash.parentElement?.addEventListener("input", (event) => {
      if (event.target instanceof Node && clash.contains(event.target)) return;
      const both = clash.querySelector<HTMLInputElement>("input[type=radio][value=both]");
      if (both) both.checked = true;
    });
  }
}
