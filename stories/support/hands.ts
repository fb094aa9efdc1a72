import { type Locator, type Page, expect } from "@playwright/test";

/** How a person works a page. Stories use these words only, so that the same story can be told by keyboard alone. */
export interface Hands {
  /** Presses a button or follows a link. Then expect what comes next, before going on. */
  press(what: Locator): Promise<void>;
  /** Presses a button twice in a row, as people do who are used to icons. */
  pressTwice(what: Locator): Promise<void>;
  /** Replaces the text of a field. */
  write(field: Locator, text: string): Promise<void>;
  /** Ticks a checkbox or takes a radio button. */
  tick(what: Locator): Promise<void>;
  /** Takes the option of a list by what it says. */
  choose(list: Locator, option: string): Promise<void>;
}

export class Mouse implements Hands {
  async press(what: Locator) {
    await what.click();
  }
  async pressTwice(what: Locator) {
    await what.dblclick({ noWaitAfter: true });
  }
  async write(field: Locator, text: string) {
    await field.fill(text);
  }
  async tick(what: Locator) {
    // Its label is what people see; the input lies hidden beneath a drawn one.
    await what.check();
  }
  async choose(list: Locator, option: string) {
    await list.selectOption({ label: option });
  }
}

export class Keyboard implements Hands {
  constructor(private readonly page: Page) {}

  async press(what: Locator) {
    await this.reach(what);
    await this.page.keyboard.press("Enter");
  }

  async pressTwice(what: Locator) {
    await this.reach(what);
    await Promise.all([this.page.keyboard.press("Enter"), this.page.keyboard.press("Enter")]);
  }

  async write(field: Locator, text: string) {
    await this.reach(field);
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.press("Delete");
    await this.page.keyboard.type(text);
    await expect(field).toHaveValue(text);
  }

  async tick(what: Locator) {
    await this.reach(what);
    if (!(await what.isChecked())) await this.page.keyboard.press("Space");
    await expect(what).toBeChecked();
  }

  async choose(list: Locator, option: string) {
    await this.reach(list);
    await this.page.keyboard.type(option);
    await expect(list.locator("option:checked")).toHaveText(option);
  }

  /** Tab after Tab, as a person would, and arrows within a group of radio buttons; what has the focus must show it. */
  private async reach(what: Locator) {
    await expect(what).toHaveCount(1);
    for (let steps = 0; steps < 200; steps++) {
      const focus = await this.focusSeenFrom(what);
      if (focus === "there") {
        await this.showsFocus(what);
        return;
      }
      await this.page.keyboard.press(focus === "same group" ? "ArrowDown" : "Tab");
    }
    throw new Error(`200 presses of Tab did not reach ${what}`);
  }

  private focusSeenFrom(what: Locator) {
    return what.evaluate((wanted) => {
      const focused = document.activeElement;
      if (wanted === focused) return "there";
      const together =
        wanted instanceof HTMLInputElement && wanted.type === "radio" && focused instanceof HTMLInputElement &&
        focused.type === "radio" && focused.name === wanted.name && focused.form === wanted.form;
      return together ? "same group" : "elsewhere";
    });
  }

  private async showsFocus(what: Locator) {
    const box = await what.boundingBox();
    const view = this.page.viewportSize();
    expect(box, "what has the focus is on the page").not.toBeNull();
    if (box && view) {
      expect(box.y + box.height > 0 && box.y < view.height, "what has the focus is in view").toBe(true);
    }
  }
}
