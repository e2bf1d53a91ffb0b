import { type Phrase, phrase } from '../../report/render/kit/phrase.ts';
import type { FormField, FormPeriod } from './form.ts';

export const en = {
  /** The name of this language in the language itself. */
  languageName: 'English',
  kicker: 'Antrea health reports',
  allClusters: 'All clusters',
  allReports: 'All reports',
  signedInAs: (person: Phrase) => phrase`Signed in as ${person}`,
  signOut: 'Sign out',
  titleOf: (subject: string) => `${subject} – Antrea health reports`,

  form: {
    heading: 'Make a report now',
    cluster: 'Cluster',
    period: 'Period',
    language: 'Language',
    periods: {
      day: 'Yesterday',
      week: 'Last week',
      month: 'Last month',
      '24h': 'Last 24 hours',
    } satisfies Record<FormPeriod, string>,
    recorded: 'The recorded period',
    asConfigured: 'As configured',
    send: 'Make report',
    again: 'Try again',
    errors: {
      cluster: 'Choose one of the clusters.',
      period: 'Choose one of the periods.',
      language: 'Choose one of the languages.',
    } satisfies Record<FormField, string>,
    unavailable: 'The report could not be requested at the moment. Try again in a minute.',
    refused: (reason: string) => `The report could not be requested: ${reason}`,
  },
};
