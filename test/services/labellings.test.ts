/**
 * The same faulty day, scraped in every way that people scrape Antrea in, on every kind of server: with no configuration
 * at all a report finds what is true, and calls the nodes by their names.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { withBoundsOfPrometheus3 } from '../simulation/bounds.ts';
import { nodeNames } from '../simulation/cluster.ts';
import { LABELLINGS, type Labelling } from '../simulation/labellings.ts';
import { type SimulatedSeries, simulate } from '../simulation/samples.ts';
import { type Scenario, simulatedDay } from '../simulation/scenarios.ts';
import { EVERY_SERVER, type ServerKind, withServer } from './every-server.ts';
import { expectFindings } from './expect-findings.ts';
import { reportOn } from './report.ts';
import type { Database } from './server.ts';

const NODES = nodeNames(12);

function dayOf(labelling: Labelling): Scenario {
  return simulatedDay('faulty', {
    labelling,
    nodes: NODES,
    kubeStateMetrics: true,
    // More than the Pods of the node that is full.
    allocatablePods: 250,
  });
}

/** What the server has of a day: a Prometheus 3 that scrapes writes bounds in its own way, a collector in another. */
function seriesOn(
  kind: ServerKind,
  labelling: Labelling,
  { simulation }: Scenario,
): Iterable<SimulatedSeries> {
  const series = simulate(simulation);
  const scrapesItself = kind.isPrometheus && kind.age === 'new' && !labelling.startsWith('otel');
  return scrapesItself ? withBoundsOfPrometheus3(series) : series;
}

/** Whatever the labels are, these targets are the ones that there were. */
function expectTargets(report: Report): void {
  const namesOf = (component: 'agent' | 'controller') =>
    report.coverage.targets.filter((target) => target.component === component).map(({ node }) => node);
  expect(namesOf('agent').sort()).toEqual(NODES.toSorted());
  expect(namesOf('controller')).toEqual([NODES[0]]);
  expect(report.coverage).toMatchObject({
    known: true,
    scrapeIntervalSeconds: 60,
    scrapeIntervalKnown: true,
    agentsSeen: 12,
    agentsAtEnd: 12,
    agentsDesired: 12,
    controllersAtEnd: 1,
  });
}

describe.each(EVERY_SERVER)('$name', (kind) => {
  // Native histograms are a form of storage that not every server has: see below.
  describe.each(LABELLINGS.filter((labelling) => labelling !== 'nhcb'))('under %s', (labelling) => {
    const day = dayOf(labelling);
    let report: Report;

    beforeAll(async () => {
      report = await withServer(kind, async (database) => {
        await database.load(seriesOn(kind, labelling, day));
        return reportOn(database.url, day.period);
      });
    });

    it('finds every fault, and nothing else', () => {
      expectFindings(report, day.truths);
      expect(report).toMatchObject({ verdict: 'critical', complete: true });
    });

    it('takes for Antrea’s what is, and knows every node', () => expectTargets(report));
  });
});

/**
 * What a server makes of native histograms with custom buckets in remote write.
 * - `whole`: Prometheus 3.
 * - `sums`: VictoriaMetrics 1.145 stores `_sum` and `_count`, and all buckets as one, `vmrange="NaN...+Inf"`, since it does
 *   not read their bounds (`unmarshalHistogram` in its lib/prompb/write_request_unmarshaler.go).
 * - `nothing`: VictoriaMetrics 1.79 takes the request and drops them.
 * - `refused`: Prometheus 2.42 answers 500, "native histograms are disabled", unless a feature is switched on.
 */
type Form = 'whole' | 'sums' | 'nothing' | 'refused';

const FAMILY = 'antrea_controller_network_policy_sync_duration_milliseconds';

/** Indicators whose query needs to know how many observations were below a bound. */
const NEEDS_BUCKETS = ['policy-queue-wait', 'policy-sync-tail'];

const NEEDS_SUMS = ['network-policy-sync-duration', 'proxy-sync-duration'];

/** What cannot be found where histograms are stored in a form. */
const LOST: Record<Exclude<Form, 'refused'>, readonly string[]> = {
  whole: [],
  sums: NEEDS_BUCKETS,
  nothing: [...NEEDS_BUCKETS, ...NEEDS_SUMS],
};

/** Fills a server, and returns what became of the histograms. */
async function fillAndFindForm(database: Database, { simulation, period }: Scenario): Promise<Form> {
  const refusal = await database.write(simulate(simulation)).then(
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

  it.each(EVERY_SERVER)('are found in $name as far as it stores them', async (kind) => {
    const { form, report } = await reportOnHistograms(kind, day);
    // Only an old server may refuse: then nobody has such histograms in it, and there is nothing to find.
    if (form === 'refused' || report === undefined) {
      expect(kind.age).toBe('old');
      return;
    }
    const lost = LOST[form];
    expectFindings(
      report,
      day.truths.filter(({ check }) => !lost.includes(check)),
    );
    expectTargets(report);
    // What cannot be known is not healthy.
    const statuses = report.indicators.filter(({ id }) => lost.includes(id)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 'healthy')).toEqual([]);
    expect(report.complete).toBe(lost.length === 0);
  });

  it('are whole in a new Prometheus', async () => {
    const [, newest] = EVERY_SERVER.filter(({ isPrometheus }) => isPrometheus);
    if (!newest) throw new Error('There is no new Prometheus.');
    const { form } = await reportOnHistograms(newest, day);
    expect(form).toBe('whole');
  });
});
