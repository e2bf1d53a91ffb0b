/** Some names of a longer list, and how many more it has. */
export type SomeNames = { names: readonly string[]; more: number };
