/** The stages of a report, in their order. Judging is part of gathering, since it goes on while answers arrive. */
export const STAGES = ['gather', 'render', 'print', 'deliver'] as const;
export type Stage = (typeof STAGES)[number];
