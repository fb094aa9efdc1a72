// The package comes without types; this is the little of it that is used here.
declare module "govuk-frontend" {
  type Component = { readonly moduleName: string };
  export const ErrorSummary: Component;
  export const SkipLink: Component;
  export function createAll(component: Component): void;
  export function isSupported(): boolean;
}
