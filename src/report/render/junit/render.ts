import { COVERAGE_CHECK_IDS, type Language, SECTIONS } from '../../model/indicator.ts';
import type { Report } from '../../model/report.ts';
import { createContext } from '../create-context.ts';
import { type Context, titleOf } from '../kit/context.ts';
import { plain } from '../kit/phrase.ts';
import { MASTHEAD_WORDS } from '../sections/masthead/words.ts';
import { checkOutcome, completenessOutcome, indicatorOutcome, type Outcome } from './outcome.ts';
import { JUNIT_WORDS } from './words.ts';
import { element, xmlText } from './xml.ts';

type TestCase = { name: string; outcome: Outcome };
type Suite = { name: string; className: string; cases: TestCase[] };
type Properties = Readonly<Record<string, string | number>>;

/**
 * Returns a report in the XML that CI systems read as the results of JUnit: a suite for the report itself and one for each
 * section, and a test case for each indicator. There is no standard; the elements and attributes are those of
 * Jenkins’s schema, in its order.
 */
export function renderJunit(report: Report, language: Language): string {
  const context = createContext(report, language);
  const { words, format } = context;
  const suites = [reportSuite(context), ...sectionSuites(context)].filter(({ cases }) => cases.length > 0);
  const name = words.documentTitle(report.cluster, format.dateTime(report.period.end));
  const counts = countsOf(suites.flatMap(({ cases }) => cases));
  const content = suites.map((suite, index) => suiteElement(context, suite, index === 0)).join('');
  const root = element(
    'testsuites',
    { name, tests: counts.tests, failures: counts.failures, errors: counts.errors, time: 0 },
    `\n${content}`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`;
}

/** The suite about the data: whether the report is complete, and the coverage checks. */
function reportSuite(context: Context): Suite {
  const { language, report } = context;
  return {
    name: MASTHEAD_WORDS[language].coverage,
    className: `${report.cluster}.coverage`,
    cases: [
      { name: JUNIT_WORDS[language].completeness, outcome: completenessOutcome(context) },
      ...COVERAGE_CHECK_IDS.map((id) => ({ name: titleOf(context, id), outcome: checkOutcome(context, id) })),
    ],
  };
}

function sectionSuites(context: Context): Suite[] {
  const { report, words } = context;
  return SECTIONS.map((section) => ({
    name: words.chapters[section],
    className: `${report.cluster}.${section}`,
    cases: report.indicators
      .filter((indicator) => indicator.section === section)
      .map((indicator) => ({
        name: uniqueTitle(context, indicator.id),
        outcome: indicatorOutcome(context, indicator),
      })),
  }));
}

/** GitLab ignores a test case with the name of another one, so indicators with the same title also have their ids. */
function uniqueTitle(context: Context, id: string): string {
  const title = titleOf(context, id);
  const same = context.report.indicators.filter((other) => titleOf(context, other.id) === title);
  return same.length > 1 ? `${title} (${id})` : title;
}

function countsOf(cases: readonly TestCase[]): Record<'tests' | 'failures' | 'errors' | 'skipped', number> {
  const count = (kind: Outcome['kind']) => cases.filter(({ outcome }) => outcome.kind === kind).length;
  return {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  };
}

function suiteElement({ report }: Context, { name, className, cases }: Suite, isFirst: boolean): string {
  // The types of the schemas have no time zone; this is UTC.
  const timestamp = report.generatedAt.slice(0, 19);
  const properties = isFirst ? propertiesElement(propertiesOf(report)) : '';
  const tests = cases.map((testCase) => caseElement(testCase, className)).join('');
  return element('testsuite', { name, ...countsOf(cases), time: 0, timestamp }, `\n${properties}${tests}`);
}

function propertiesOf({ id, cluster, period, verdict, score }: Report): Properties {
  return { report: id, cluster, start: period.start, end: period.end, verdict, score };
}

function propertiesElement(properties: Properties): string {
  const all = Object.entries(properties).map(([name, value]) => element('property', { name, value }));
  return element('properties', {}, `\n${all.join('')}`);
}

function caseElement({ name, outcome }: TestCase, classname: string): string {
  const attributes = { name, classname, time: 0 };
  const text = xmlText(outcome.lines.join('\n'));
  if (outcome.kind === 'passed')
    return element('testcase', attributes, text === '' ? '' : `\n${element('system-out', {}, text)}`);
  if (outcome.kind === 'skipped') return element('testcase', attributes, `\n${element('skipped', {}, text)}`);
  const { kind, type } = outcome;
  const message = plain(outcome.message);
  // GitLab shows the text and not the message.
  const content = xmlText([message, ...outcome.lines].join('\n'));
  return element('testcase', attributes, `\n${element(kind, { type, message }, content)}`);
}
