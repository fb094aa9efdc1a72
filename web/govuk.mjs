// Takes from govuk-frontend's stylesheet the components that our pages use, without what belongs to GOV.UK alone:
// its font, its crest and its colours. Every colour left must be one of ours, or the build stops.

const COMPONENTS = [
  "button", "checkboxes", "details", "error-message", "error-summary", "fieldset", "form-group", "hint", "input", "inset-text",
  "label", "link", "list", "radios", "select", "skip-link", "summary-list", "textarea", "visually-hidden", "button-group",
];

// Their names for colours, and ours.
const NAMES = {
  "text-colour": "ink",
  "print-text-colour": "ink",
  "inverse-text-colour": "on-primary",
  "secondary-text-colour": "muted",
  "body-background-colour": "sheet",
  "template-background-colour": "tint",
  "surface-background-colour": "tint",
  "surface-text-colour": "ink",
  "surface-border-colour": "line",
  "focus-colour": "focus",
  "focus-text-colour": "focus-ink",
  "error-colour": "error",
  "success-colour": "primary",
  "brand-colour": "primary",
  "border-colour": "line",
  "input-border-colour": "edge",
  "hover-colour": "line",
  "link-colour": "link",
  "link-visited-colour": "link",
  "link-hover-colour": "ink",
  "link-active-colour": "ink",
};

// Colours they write as they are: fills of buttons, mostly.
const WRITTEN = {
  "#fff": "sheet", "#f4f8fb": "tint", "#d2e2f1": "tint", "#8eb8dc": "line", "#0b0c0c": "ink", "#000": "ink", "#f3f3f3": "tint", "#cecece": "line", "#fd0": "focus",
  "#0b5c3e": "primary-deep", "#083d29": "primary-deep", "#0f7a52": "primary",
  "#ca3535": "error", "#982828": "error", "#651b1b": "error", "#858686": "edge", "#484949": "muted",
  "#1d70b8": "primary", "#54319f": "primary", "#2a1950": "primary-deep", "#1a65a6": "link", "#0f385c": "primary-deep",
};

/** The rules of a stylesheet: a prelude and a body each, the body of an `@media` being rules again. */
function rules(css) {
  const found = [];
  let start = 0;
  for (let at = 0; at < css.length; at++) {
    if (css[at] === ";") start = at + 1;
    if (css[at] !== "{") continue;
    let depth = 1;
    let end = at + 1;
    for (; depth > 0; end++) depth += css[end] === "{" ? 1 : css[end] === "}" ? -1 : 0;
    found.push({ prelude: css.slice(start, at).trim(), body: css.slice(at + 1, end - 1) });
    start = end;
    at = end - 1;
  }
  return found;
}

const component = (selector) => [...selector.matchAll(/\.govuk-([a-z]+(?:-[a-z]+)*)/g)].map((m) => m[1]);
const wanted = (selector) => {
  const names = component(selector);
  return names.length > 0 && names.every((name) => COMPONENTS.some((ours) => name === ours || name.startsWith(`${ours}__`)));
};

function kept(css) {
  return rules(css)
    .map(({ prelude, body }) => {
      if (prelude.startsWith("@media") || prelude.startsWith("@supports")) {
        const inner = /print|screen\\0|forced-colors: *none/.test(prelude) ? "" : kept(body);
        return inner && `${prelude}{${inner}}`;
      }
      if (prelude.startsWith("@")) return "";
      const selectors = prelude.split(/,(?![^(]*\))/).filter(wanted);
      return selectors.length > 0 ? `${selectors.join(",")}{${body}}` : "";
    })
    .join("");
}

export function ownStyles(css) {
  const ours = kept(css.replace(/\/\*[\s\S]*?\*\//g, "").replace('@charset "UTF-8";', ""))
    .replace(/var\(--govuk-([a-z-]+)(?:,[^()]*)?\)/g, (whole, name) => {
      if (!NAMES[name]) throw new Error(`govuk-frontend has a colour that we have no name for: ${whole}`);
      return `var(--${NAMES[name]})`;
    })
    .replace(/#[0-9a-f]{3,8}\b/gi, (colour) => {
      if (!WRITTEN[colour.toLowerCase()]) throw new Error(`govuk-frontend has a colour that we have no name for: ${colour}`);
      return `var(--${WRITTEN[colour.toLowerCase()]})`;
    })
    .replace(/font-family:[^;}]*/g, "font-family:inherit")
    // Their text is 16 px on a phone; ours is 19 px everywhere.
    .replace(/font-size:1rem/g, "font-size:1.1875rem")
    .replace(/line-height:1\.(25|3157894737)(?=[;}])/g, "line-height:1.5");
  if (/transport|crest|url\(/i.test(ours)) throw new Error("something of GOV.UK's own is left in the styles");
  return ours;
}
