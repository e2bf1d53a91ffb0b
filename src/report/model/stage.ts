/** The stages of a report, in their order. */
export const STAGES = ['gather', 'assess', 'render', 'print', 'deliver'] as const;
export type Stage = (typeof STAGES)[number];
