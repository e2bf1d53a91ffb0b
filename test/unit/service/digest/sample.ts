import type { Language } from '../../../../src/report/model/indicator.ts';
import type { Report, Verdict } from '../../../../src/report/model/report.ts';
import { type Phrase, plain } from '../../../../src/report/render/kit/phrase.ts';
import type {
  Digest,
  DigestCluster,
  ReportedCluster,
  ScorePoint,
} from '../../../../src/service/digest/digest.ts';
import { digestView } from '../../../../src/service/digest/view.ts';
import { clock, step } from '../../../fixtures/report-parts.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { attribute, type Element } from '../../report/render/elements.ts';

export const DAY = 86_400;
export const END = Date.parse('2026-11-22T00:00:00Z') / 1000;

const PERIOD = { start: END - DAY, end: END };

export const linksOf = (name: string) => {
  const folder = `https://reports.example.com/reports/${encodeURIComponent(name.toWellFormed())}-20261121`;
  return { html: `${folder}/report.html`, pdf: `${folder}/report.pdf`, json: `${folder}/report.json` };
};

/** The report as the service reads it: without the points of charts and without metrics. */
export function withoutPoints(report: Report): Report {
  return {
    ...report,
    metrics: null,
    indicators: report.indicators.map((one) => ({ ...one, series: [], envelope: null })),
  };
}

const unhealthy = withoutPoints({ ...sampleReport(), metrics: [] });
const healthy = withoutPoints({ ...sampleReport({ condition: 'healthy' }), complete: true });

/** A score history, latest first; `latest` changes its first point. */
export function scoreHistoryOf(scores: readonly number[], latest: Partial<ScorePoint> = {}): ScorePoint[] {
  return scores.map((score, index) => ({
    score,
    verdict: score === 100 ? 'healthy' : score < 70 ? 'critical' : 'warning',
    complete: true,
    ...(index === 0 ? latest : {}),
  }));
}

export function reported(
  name: string,
  verdict: Verdict,
  changes: Partial<ReportedCluster> = {},
): ReportedCluster {
  const bad = verdict === 'critical' || verdict === 'warning';
  const report: Report = {
    ...(bad ? unhealthy : healthy),
    cluster: name,
    verdict,
    score: verdict === 'critical' ? 32 : verdict === 'healthy' ? 100 : 90,
    complete: verdict !== 'unknown',
    findings: bad ? unhealthy.findings : [],
    incidents: bad
      ? unhealthy.incidents.filter(({ severity }) => verdict === 'critical' || severity === 'warning')
      : [],
    metrics: [],
  };
  return {
    name,
    timeZone: 'UTC',
    period: PERIOD,
    state: 'reported',
    report,
    change: verdict === 'healthy' ? 0 : report.score - 100,
    scoreHistory: scoreHistoryOf([report.score, 100, 100, 97, 100], { verdict, complete: report.complete }),
    links: linksOf(name),
    ...changes,
  };
}

/** A cluster without a report. */
export function absent(
  name: string,
  state: 'failed' | 'missing' | 'under-way',
  reason: string | null = null,
): DigestCluster {
  return {
    name,
    timeZone: 'UTC',
    period: PERIOD,
    state,
    reason,
    link: `https://reports.example.com/reports?cluster=${encodeURIComponent(name.toWellFormed())}`,
  };
}

export function digestOf(clusters: readonly DigestCluster[], changes: Partial<Digest> = {}): Digest {
  return {
    language: 'en',
    unit: 'day',
    timeZone: 'UTC',
    period: PERIOD,
    clusters,
    listLink: 'https://reports.example.com/reports',
    note: null,
    attached: [],
    leftOut: [],
    ...changes,
  };
}

/** The cluster with changes to its report. */
export function withReport(cluster: ReportedCluster, changes: Partial<Report>): ReportedCluster {
  return { ...cluster, report: { ...cluster.report, ...changes } };
}

const AGENTS_WITH_DEFECT = { component: 'agent', tag: 'v2.5.1', release: '2.5.1', podsAtEnd: 12 } as const;
const DEFECT = { id: 'service-sync-not-retried', certain: true };

/** Fourteen clusters: two critical, one of them with a known defect, one missing, one failed, one incomplete, nine healthy with one change. */
export function fourteen(language: Language = 'en'): Digest {
  const healthyNames = [
    'prod-us-1',
    'prod-us-2',
    'prod-ap-1',
    'staging-eu',
    'staging-us',
    'edge-berlin',
    'edge-paris',
    'edge-oslo',
    'ci',
  ];
  const eu = reported('prod-eu-1', 'critical');
  const cn = sampleReport({ cluster: 'prod-cn-1', nodeName: (index) => `cn-worker-${index + 1}` });
  return digestOf(
    [
      ...healthyNames.map((name, index) =>
        withReport(reported(name, 'healthy', index === 2 ? { change: 10 } : {}), {
          changes: name === 'edge-oslo' ? [step('worker-05', { at: clock('Sat 16:00') })] : [],
        }),
      ),
      reported('edge-madrid', 'unknown', {
        change: -10,
        scoreHistory: scoreHistoryOf([90, 100, 100, 100, 90, 100, 100], {
          verdict: 'unknown',
          complete: false,
        }),
      }),
      absent('edge-rome', 'missing'),
      absent('prod-eu-2', 'failed', 'prometheus.prod-eu-2.example.com: connect ECONNREFUSED 10.4.0.17:9090'),
      {
        ...eu,
        scoreHistory: scoreHistoryOf([
          32, 100, 100, 97, 90, 90, 90, 100, 100, 81, 100, 100, 56, 73, 100, 100, 90, 100, 100, 100,
        ]),
      },
      reported('prod-cn-1', 'critical', {
        report: {
          ...withoutPoints(cn),
          score: 48,
          antrea: {
            ...cn.antrea,
            images: { versions: [AGENTS_WITH_DEFECT], upgrades: [] },
            defects: [DEFECT],
          },
          incidents: cn.incidents.flatMap((incident) => {
            const first = cn.findings[incident.findings[0] ?? 0]?.indicator ?? '';
            if (/policy|restarts/.test(first)) return [];
            return [first === 'ovs-flow-operation-errors' ? { ...incident, defects: [DEFECT] } : incident];
          }),
          metrics: [],
        },
        change: 3,
        scoreHistory: scoreHistoryOf([
          48, 45, 45, 61, 73, 73, 90, 90, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 97, 100, 100, 100,
          90, 100, 100, 100, 100, 100, 100, 100,
        ]),
      }),
    ],
    {
      language,
      note:
        language === 'en'
          ? 'On call today: Jana (+49 30 123).\nprod-cn-1 is being upgraded to v2.6.3 this morning.'
          : '今日值班：王芳（分机 8123）。\nprod-cn-1 今天上午升级到 v2.6.3。',
      attached: [
        { cluster: 'prod-eu-1', name: 'prod-eu-1.pdf', bytes: 400_000 },
        { cluster: 'prod-cn-1', name: 'prod-cn-1.pdf', bytes: 410_000 },
      ],
      leftOut: [{ cluster: 'edge-madrid', name: 'edge-madrid.pdf', bytes: 300_000 }],
    },
  );
}

export const hasClass = (element: Element, name: string) =>
  (attribute(element, 'class') ?? '').split(' ').includes(name);

export const withoutSpace = (text: string) => text.replace(/\s/g, '');

/** A phrase as text with ordinary spaces. */
export const text = (phrase: Phrase) => plain(phrase).replaceAll('\u00a0', ' ');

export const viewOf = (digest: Digest) => digestView(digest).view;
