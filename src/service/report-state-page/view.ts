import { FORMATS, OUTPUT_FORMATS } from '../../report/formats.ts';
import type { Language } from '../../report/model/indicator.ts';
import { mark } from '../../report/render/kit/charts/mark.ts';
import { name, type Phrase, phrase, plain, visible } from '../../report/render/kit/phrase.ts';
import { shorten } from '../../report/render/kit/place.ts';
import type { StatusView } from '../../report/render/kit/status.ts';
import { WORDS } from '../../report/render/kit/words/words.ts';
import { buildFrame, type Frame, type Link } from '../page-frame/frame.ts';
import { FRAME_WORDS } from '../page-frame/words.ts';
import { createPeriodFormatter } from '../reports-page/period.ts';
import type { ReportStatePage } from './page.ts';
import { REPORT_STATE_WORDS } from './words.ts';

type Fact = { label: string; value: Phrase; links: Link[] };

export type ReportStateView = {
  title: string;
  frame: Frame;
  heading: Phrase;
  status: StatusView;
  detail: string;
  facts: Fact[];
  again: { action: string; id: string; send: string } | null;
};

/** Longest name in the title, in Latin letters. */
const NAME_WIDTH = 36;

/** What the states look like. */
const MARKS = { queued: 'idle', running: 'idle', ready: 'healthy', failed: 'critical' } as const;

export function reportStateView(page: ReportStatePage, language: Language): ReportStateView {
  const { state, cluster, timeZone, again } = page;
  const words = REPORT_STATE_WORDS[language];
  const shared = FRAME_WORDS[language];
  const zone = createPeriodFormatter(language).inZone(timeZone);
  const since = zone.dateTime(new Date(page.since * 1000).toISOString());
  const kind = MARKS[state];
  return {
    title: shared.titleOf(plain(name(shorten(visible(cluster), NAME_WIDTH)))),
    frame: buildFrame(page.links, language),
    heading: name(visible(cluster)),
    status: { kind, mark: mark(kind), word: words.states[state] },
    detail: words.details[state](since),
    facts: factsOf(page, language),
    again: again && { ...again, send: shared.form.again },
  };
}

function factsOf(page: ReportStatePage, language: Language): Fact[] {
  const { period, timeZone, reason, state, missing } = page;
  const words = REPORT_STATE_WORDS[language];
  const periods = createPeriodFormatter(language);
  const zone = visible(periods.inZone(timeZone).zoneName(new Date(period.end * 1000).toISOString()));
  const links = OUTPUT_FORMATS.flatMap((format) => {
    const href = page.files[format];
    return href === undefined ? [] : [{ text: FORMATS[format].label, href }];
  });
  const reasonOf = (why: string) => name(visible(WORDS[language].reason(why)));
  const text = (label: string, value: Phrase): Fact => ({ label, value, links: [] });
  return [
    ...(reason === null
      ? []
      : [text(state === 'failed' ? words.reason : words.lastAttempt, reasonOf(reason))]),
    text(words.period, phrase`${periods.text({ period, timeZone })} · ${zone}`),
    text(words.language, phrase`${FRAME_WORDS[page.language].languageName}`),
    ...(links.length === 0 ? [] : [{ label: words.files, value: [], links }]),
    ...missing.map((one) => text(words.missing(one.format), reasonOf(one.reason))),
  ];
}
