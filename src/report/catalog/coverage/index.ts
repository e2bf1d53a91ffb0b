import type { CoverageCheck } from '../../model/indicator.ts';
import { check as processRestarts } from './process-restarts.ts';
import { check as scrapeCoverage } from './scrape-coverage.ts';

/** The checks on how well the period was seen. */
export const COVERAGE_CHECKS: readonly CoverageCheck[] = [scrapeCoverage, processRestarts];
