import type { Language } from '../../../../src/report/model/indicator.ts';
import type { Report, Verdict } from '../../../../src/report/model/report.ts';
import type { Digest, DigestCluster, DigestPoint } from '../../../../src/service/digest/digest.ts';
import { clock, step } from '../../../fixtures/depth-report.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';

const DAY = 86_400;
export const END = Date.parse('2026-11-22T00:00:00Z') / 1000;

const PERIOD = { start: END - DAY, end: END };

export const linksOf = (name: string) => {
  const folder = `https://reports.example.com/reports/${encodeURIComponent(name.toWellFormed())}-20261121`;
  return { html: `${folder}/report.html`, pdf: `${folder}/report.pdf`, json: `${folder}/report.json` };
};

/** As the service hands them over: without the points of charts and without metrics. */
export function withoutPoints(report: Report): Report {
  return {
    ...report,
    metrics: null,
    indicators: report.indicators.map((one) => ({ ...one, series: [], envelope: null })),
  };
}

type Reported = Extract<DigestCluster, { state: 'reported' }>;

const unwell = withoutPoints({ ...sampleReport(), metrics: [] });
const healthy = withoutPoints({ ...sampleReport({ condition: 'healthy' }), complete: true });

/** Days before the latest, oldest last. */
export function courseOf(scores: readonly number[], latest: Partial<DigestPoint> = {}): DigestPoint[] {
  return scores.map((score, index) => ({
    end: END - index * DAY,
    score,
    verdict: score === 100 ? 'healthy' : score < 70 ? 'critical' : 'warning',
    complete: true,
    ...(index === 0 ? latest : {}),
  }));
}

export function reported(name: string, verdict: Verdict, changes: Partial<Reported> = {}): Reported {
  const bad = verdict === 'critical' || verdict === 'warning';
  const report: Report = {
    ...(bad ? unwell : healthy),
    cluster: name,
    verdict,
    score: verdict === 'critical' ? 32 : verdict === 'healthy' ? 100 : 90,
    complete: verdict !== 'unknown',
    findings: bad ? unwell.findings : [],
    incidents: bad
      ? unwell.incidents.filter(({ severity }) => verdict === 'critical' || severity === 'warning')
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
    course: courseOf([report.score, 100, 100, 97, 100], { verdict, complete: report.complete }),
    links: linksOf(name),
    ...changes,
  };
}

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

/** The same cluster with more in its report. */
export function telling(cluster: Reported, told: Partial<Report>): Reported {
  return { ...cluster, report: { ...cluster.report, ...told } };
}

/** Two critical, one missing, one failed, one incomplete, nine fine, one of which has changed. */
export function fourteen(language: Language = 'en'): Digest {
  const fine = [
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
      ...fine.map((name, index) =>
        telling(reported(name, 'healthy', index === 2 ? { change: 10 } : {}), {
          changes: name === 'edge-oslo' ? [step('worker-05', { at: clock('Sat 16:00') })] : [],
        }),
      ),
      reported('edge-madrid', 'unknown', {
        change: -10,
        course: courseOf([90, 100, 100, 100, 90, 100, 100], { verdict: 'unknown', complete: false }),
      }),
      absent('edge-rome', 'missing'),
      absent('prod-eu-2', 'failed', 'prometheus.prod-eu-2.example.com: connect ECONNREFUSED 10.4.0.17:9090'),
      {
        ...eu,
        course: courseOf([
          32, 100, 100, 97, 90, 90, 90, 100, 100, 81, 100, 100, 56, 73, 100, 100, 90, 100, 100, 100,
        ]),
      },
      reported('prod-cn-1', 'critical', {
        report: {
          ...withoutPoints(cn),
          score: 48,
          incidents: cn.incidents.filter(
            ({ findings: [first = 0] }) => !/policy|restarts/.test(cn.findings[first]?.indicator ?? ''),
          ),
          metrics: [],
        },
        change: 3,
        course: courseOf([
          48, 45, 45, 61, 73, 73, 90, 90, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 97, 100, 100, 100,
          90, 100, 100, 100, 100, 100, 100, 100,
        ]),
      }),
    ],
    {
      language,
      note:
        language === 'en'
          ? 'On call today: Jana (+49 30 123).\nprod-cn-1 is being upgraded to v2.3 this morning.'
          : '今日值班：王芳（分机 8123）。\nprod-cn-1 今天上午升级到 v2.3。',
      attached: [
        { cluster: 'prod-eu-1', name: 'prod-eu-1.pdf', bytes: 400_000 },
        { cluster: 'prod-cn-1', name: 'prod-cn-1.pdf', bytes: 410_000 },
      ],
      leftOut: [{ cluster: 'edge-madrid', name: 'edge-madrid.pdf', bytes: 300_000 }],
    },
  );
}
