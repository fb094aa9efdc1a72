// Whether a page is what the standard of HTML asks for, told by a validator that knows the standard and nothing of us.
import { HtmlValidate } from "html-validate";

const validator = new HtmlValidate({ extends: ["html-validate:standard"] });

/** What is wrong with a page, a line each. */
export async function invalidHtml(source: string): Promise<string[]> {
  const report = await validator.validateString(source);
  return report.results.flatMap((result) => result.messages.map((m) => `${m.line}: ${m.message} (${m.ruleId})`));
}
