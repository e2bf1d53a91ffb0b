import { agents } from './agents.ts';
import { antrea } from './antrea.ts';
import { clusterLabel } from './cluster-label.ts';
import { copies } from './copies.ts';
import { customIndicators } from './custom-indicators.ts';
import { exporters } from './exporters.ts';
import type { Check } from './facts.ts';
import { history } from './history.ts';
import { nodeNames } from './node-names.ts';
import { nothingFound } from './nothing-found.ts';
import { scrapeInterval } from './scrape-interval.ts';
import { scrapes } from './scrapes.ts';
import { targets } from './targets.ts';

/** The checks of a server that has targets of Antrea, in the order of the output. */
export const CHECKS: readonly Check[] = [
  clusterLabel,
  targets,
  copies,
  nodeNames,
  agents,
  scrapes,
  scrapeInterval,
  history,
  antrea,
  exporters,
  customIndicators,
];

/** The checks of a server without targets of Antrea. */
export const CHECKS_WITHOUT_TARGETS: readonly Check[] = [nothingFound, customIndicators];
