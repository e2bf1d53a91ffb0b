/**
 * Scrapes the same faulty day with every labelling. Without any configuration, a report has to find all
 * faults and use the names of the nodes.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/model/report.ts';
import { withBoundsOfPrometheus3 } from '../simulation/bounds.ts';
import { LABELLINGS, type Labelling } from '../simulation/labellings.ts';
import { type SimulatedSeries, simulate } from '../simulation/samples.ts';
import { FAULTY_NODES, type Scenario, simulatedDay } from '../simulation/scenarios.ts';
import { dealToServers, EVERY_SERVER, type ServerKind, withServer } from './every-server.ts';
import { expectFindings } from './expect-findings.ts';
import { reportOn } from './report.ts';
import { simulateOnce } from './series.ts';
import type { Database } from './server.ts';

const NODES = FAULTY_NODES;

function dayOf(labelling: Labelling): Scenario {
  return simulatedDay('faulty', {
    labelling,
    nodes: NODES,
    kubeStateMetrics: true,
    // More than the 246 Pods of the full node.
    allocatablePods: 250,
  });
}

/** The series that the server stores. Prometheus 3 changes bounds that it scrapes, but not those of a collector. */
function seriesOn(
  kind: ServerKind,
  labelling: Labelling,
  { simulation }: Scenario,
): Iterable<SimulatedSeries> {
  const series = simulate(simulation);
  const scrapesItself = kind.isPrometheus && kind.age === 'new' && !labelling.startsWith('otel');
  return scrapesItself ? withBoundsOfPrometheus3(series) : series;
}

/** Expects exactly Antrea's targets, with their nodes. */
function expectTargets(report: Report): void {
  const namesOf = (component: 'agent' | 'controller') =>
    report.coverage.targets.filter((target) => target.component === component).map(({ node }) => node);
  expect(namesOf('agent').sort()).toEqual(NODES.toSorted());
  expect(namesOf('controller')).toEqual([NODES[0]]);
  expect(report.coverage).toMatchObject({
    known: true,
    scrapeIntervalSeconds: 60,
    scrapeIntervalKnown: true,
    agentsSeen: NODES.length,
    agentsAtEnd: NODES.length,
    agentsDesired: NODES.length,
    controllersAtEnd: 1,
  });
}

// Not every server can store native histograms, see below.
const STORED_BY_ALL = LABELLINGS.filter((labelling) => labelling !== 'nhcb');

describe.each(dealToServers(STORED_BY_ALL))('$name', ({ kind, cases }) => {
  describe.each(cases)('under %s', (labelling) => {
    const day = dayOf(labelling);
    let report: Report;

    beforeAll(async () => {
      report = await withServer(kind, async (database) => {
        await database.load(seriesOn(kind, labelling, day));
        return reportOn(database.url, day.period);
      });
    });

    it('finds every fault and nothing else', () => {
      expectFindings(report, day.truths);
      expect(report).toMatchObject({ verdict: 'critical', complete: true });
    });

    it('finds exactly Antrea’s targets and their nodes', () => expectTargets(report));
  });
});

/**
 * How a server stores native histograms with custom buckets that it receives through remote write.
 * - `whole`: Prometheus 3 stores them as they are.
 * - `sums`: VictoriaMetrics 1.145 stores `_sum`, `_count` and one useless bucket, `vmrange="NaN...+Inf"`, because it ignores
 *   the bounds (`unmarshalHistogram` in its lib/prompb/write_request_unmarshaler.go).
 * - `nothing`: VictoriaMetrics 1.79 accepts the request and drops the histograms.
 * - `refused`: Prometheus 2.42 answers with status 500, "native histograms are disabled".
 */
type Form = 'whole' | 'sums' | 'nothing' | 'refused';

const FAMILY = 'antrea_controller_network_policy_sync_duration_milliseconds';

/** Indicators that need the number of observations below a bound. */
const NEEDS_BUCKETS = ['policy-queue-wait', 'policy-sync-tail'];

const NEEDS_SUMS = ['network-policy-sync-duration', 'proxy-sync-duration'];

/** The indicators that cannot be computed from each form. */
const CONNECTION_FAILURES: Record<Exclude<Form, 'refused'>, readonly string[]> = {
  whole: [],
  sums: NEEDS_BUCKETS,
  nothing: [...NEEDS_BUCKETS, ...NEEDS_SUMS],
};

/** Fills a server and returns how it stored the histograms. */
async function fillAndFindForm(database: Database, { simulation, period }: Scenario): Promise<Form> {
  const refusal = await database.write(simulateOnce(simulation)).then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (refusal?.includes('native histograms')) return 'refused';
  expect(refusal).toBeUndefined();
  const parameters = new URLSearchParams({
    'match[]': `{__name__=~"${FAMILY}.*"}`,
    start: String(period.start),
    end: String(period.end),
  });
  const response = await fetch(`${database.url}/api/v1/label/__name__/values?${parameters}`);
  const { data: names } = (await response.json()) as { data: string[] };
  if (names.includes(FAMILY)) return 'whole';
  return names.includes(`${FAMILY}_sum`) ? 'sums' : 'nothing';
}

async function reportOnHistograms(kind: ServerKind, day: Scenario): Promise<{ form: Form; report?: Report }> {
  return withServer(kind, async (database) => {
    const form = await fillAndFindForm(database, day);
    return form === 'refused' ? { form } : { form, report: await reportOn(database.url, day.period) };
  });
}

describe('native histograms with custom buckets', () => {
  const day = dayOf('nhcb');

  it.each(EVERY_SERVER)('are evaluated as far as $name stores them', async (kind) => {
    const { form, report } = await reportOnHistograms(kind, day);
    if (kind.isPrometheus && kind.age === 'new') expect(form).toBe('whole');
    // A server that refuses them cannot contain any, so there is no report to check. Only old servers may refuse.
    if (form === 'refused' || report === undefined) {
      expect(kind.age).toBe('old');
      return;
    }
    const lost = CONNECTION_FAILURES[form];
    expectFindings(
      report,
      day.truths.filter(({ check }) => !lost.includes(check)),
    );
    expectTargets(report);
    // An indicator that cannot be computed must not be reported as healthy.
    const statuses = report.indicators.filter(({ id }) => lost.includes(id)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 'healthy')).toEqual([]);
    expect(report.complete).toBe(lost.length === 0);
  });
});
