import Handlebars from 'handlebars';

/** Markup that was written here, by the chart functions or from our own stylesheet, and so is printed as it is. */
export type Markup = Handlebars.SafeString;

export function markup(text: string): Markup {
  return new Handlebars.SafeString(text);
}
