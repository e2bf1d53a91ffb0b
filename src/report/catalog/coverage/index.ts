import type { CoverageCheck } from '../../model/indicator.ts';
import { check as processRestarts } from './process-restarts.ts';
import { check as scrapeCoverage } from './scrape-coverage.ts';

/** The checks of the data itself: whether targets were scraped, and whether processes restarted. */
export const COVERAGE_CHECKS: readonly CoverageCheck[] = [scrapeCoverage, processRestarts];
