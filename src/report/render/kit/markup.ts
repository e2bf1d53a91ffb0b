import Handlebars from 'handlebars';

/** Markup made by this program, from charts or stylesheets, which templates print without escaping. */
export type Markup = Handlebars.SafeString;

export function markup(text: string): Markup {
  return new Handlebars.SafeString(text);
}
