import { LANGUAGES, type Language } from '../../report/model/indicator.ts';
import { name, plain, visible } from '../../report/render/kit/phrase.ts';
import { shorten } from '../../report/render/kit/place.ts';
import type { FormField, PageForm } from './form.ts';
import { FORM_PERIODS } from './form.ts';
import { FRAME_WORDS } from './words.ts';

/** The form that requests a report, in the words of one language. */

type Option = { value: string; text: string; isChosen: boolean };

/** A field to choose from, or with one value that is sent without being shown. */
type FieldView = {
  name: FormField;
  label: string;
  options: Option[];
  fixed: { value: string; text: string } | null;
  error: string;
};

export type FormView = {
  heading: string;
  action: string;
  fields: FieldView[];
  error: string;
  send: string;
};

/** Longest name in a list to choose from, in Latin letters. */
const NAME_WIDTH = 60;

export function buildForm(form: PageForm, language: Language): FormView {
  const { action, clusters, hasPeriods, chosen, error } = form;
  const { form: words } = FRAME_WORDS[language];
  const errorOf = (field: FormField) => (error?.field === field ? words.errors[field] : '');
  const textOf = (text: string) => plain(name(shorten(visible(text), NAME_WIDTH)));
  const fieldOf = (field: FormField, options: readonly (readonly [value: string, text: string])[]) => ({
    name: field,
    label: words[field],
    options: options.map(([value, text]) => ({ value, text, isChosen: value === chosen[field] })),
    fixed: null,
    error: errorOf(field),
  });
  const [only, ...others] = clusters;
  const clusterField = fieldOf(
    'cluster',
    clusters.map((one) => [one.key, textOf(one.name)] as const),
  );
  return {
    heading: words.heading,
    action,
    fields: [
      only !== undefined && others.length === 0
        ? { ...clusterField, options: [], fixed: { value: only.key, text: textOf(only.name) } }
        : clusterField,
      hasPeriods
        ? fieldOf(
            'period',
            FORM_PERIODS.map((period) => [period, words.periods[period]] as const),
          )
        : { ...fieldOf('period', []), fixed: { value: 'day', text: words.recorded } },
      fieldOf('language', [
        ...(others.length > 0 ? [['', words.asConfigured] as const] : []),
        ...LANGUAGES.map((one) => [one, FRAME_WORDS[one].languageName] as const),
      ]),
    ],
    error: error?.field === null ? generalError(error.reason, language) : '',
    send: words.send,
  };
}

function generalError(reason: string | null, language: Language): string {
  const { form: words } = FRAME_WORDS[language];
  return reason === null ? words.unavailable : words.refused(visible(reason));
}
