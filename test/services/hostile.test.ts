import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/report/model/indicator.ts';
import { renderHtml } from '../../src/report/render/html.ts';
import { nodeNames } from '../simulation/cluster.ts';
import { simulatedDay, timeOfDay } from '../simulation/scenarios.ts';
import { type Chromium, openChromium } from './chromium.ts';
import { prometheusOver } from './prometheus.ts';
import { reportOn } from './report.ts';
import type { Server } from './server.ts';

/** Names that would do harm if they were not escaped. Kubernetes allows none of them; Prometheus labels do. */
const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  `"quotes" and 'more' \\ {{this}}`,
  'two\nlines </script><script>alert(2)</script>',
];

describe('hostile node names, from a real Prometheus to a real Chromium with scripts allowed', () => {
  let server: Server;
  let chromium: Chromium;

  beforeAll(async () => {
    chromium = await openChromium();
  });
  afterAll(async () => {
    await chromium?.close();
    await server?.stop();
  });

  it('are shown as text in both languages', async () => {
    const nodes = [...nodeNames(2), ...HOSTILE];
    const scenario = simulatedDay('healthy', {
      nodes,
      faults: HOSTILE.map((node) => ({
        kind: 'pods',
        node,
        start: timeOfDay('09:00'),
        end: timeOfDay('12:00'),
        level: 246,
      })),
    });
    server = await prometheusOver(scenario.simulation);
    const report = await reportOn(server.url, scenario.period);
    expect(report.findings.map(({ subject }) => subject).sort()).toEqual([...HOSTILE].sort());

    for (const language of LANGUAGES) {
      const html = await renderHtml({ ...report, cluster: HOSTILE[0] ?? '' }, { language });
      const seen = await chromium.look(html);
      expect(seen.dialogs).toEqual([]);
      expect(seen.requests).toEqual([]);
      expect(seen.elements).not.toContain('IMG');
      expect(seen.scripts).toBe(1);
      expect(seen.inlineHandlers).toBe(0);
      for (const name of HOSTILE) expect(seen.text).toContain(name.replaceAll('\n', ' ').slice(0, 20));
    }
  });
});
