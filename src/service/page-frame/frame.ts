import { LANGUAGES, type Language } from '../../report/model/indicator.ts';
import { name, type Phrase, visible } from '../../report/render/kit/phrase.ts';
import { shorten } from '../../report/render/kit/place.ts';
import { FRAME_WORDS } from './words.ts';

/** What every page of the service has around its content. */

export type Link = { text: string; href: string };

/** URLs of other pages; null on that page. */
export type PageLinks = {
  clusters: string | null;
  reports: string | null;
  /** The page of a cluster that this page is about. */
  cluster: { name: string; link: string } | null;
  /** The person who signed in, and where this person signs out; absent for others. */
  person?: { name: string; signOut: string } | undefined;
  /** This page in every other language. */
  languages: readonly { language: Language; link: string }[];
};

export type Frame = {
  kicker: string;
  cluster: { name: Phrase; href: string } | null;
  links: Link[];
  person: { text: Phrase; signOut: Link } | null;
  languages: (Link & { code: Language })[];
};

/** Longest name of a cluster among the links, in Latin letters. */
const NAME_WIDTH = 36;

export function buildFrame(pageLinks: PageLinks, language: Language): Frame {
  const { clusters, reports, cluster, person, languages } = pageLinks;
  const words = FRAME_WORDS[language];
  return {
    kicker: words.kicker,
    cluster: cluster && { name: name(shorten(visible(cluster.name), NAME_WIDTH)), href: cluster.link },
    links: [
      ...(clusters === null ? [] : [{ text: words.allClusters, href: clusters }]),
      ...(reports === null ? [] : [{ text: words.allReports, href: reports }]),
    ],
    person:
      person === undefined
        ? null
        : {
            text: words.signedInAs(name(visible(person.name))),
            signOut: { text: words.signOut, href: person.signOut },
          },
    languages: languages.map((one) => ({
      text: FRAME_WORDS[one.language].languageName,
      href: one.link,
      code: one.language,
    })),
  };
}

/** The languages in which a page is not shown. */
export const otherLanguages = (language: Language): Language[] =>
  LANGUAGES.filter((other) => other !== language);
