/** When a schedule was due. Off AWS nobody fills in the scheduler's placeholder, and the time is now. */
export function dueTime(scheduledAt: string, now: Date): Date {
  const time = new Date(scheduledAt);
  return Number.isNaN(time.getTime()) ? now : time;
}
