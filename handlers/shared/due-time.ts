import { dueTime } from '../../src/config/period.ts';

/**
 * When EventBridge Scheduler says that a schedule was due. Outside AWS nothing replaces its placeholder
 * `<aws.scheduler.scheduled-time>`, and the schedule is due now.
 */
export function scheduledTime(text: string, now: Date): Date {
  return dueTime(text.startsWith('<') ? undefined : text, { timeZone: 'UTC', now, name: 'scheduledAt' });
}
