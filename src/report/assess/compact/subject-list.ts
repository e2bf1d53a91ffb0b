/** The names that the columns of a report refer to. */
export type SubjectList = {
  /** Returns the index of a name; a name that the list lacks is added at its end. */
  indexOf: (name: string) => number;
  /** Returns all names; none if nothing refers to them. */
  names: () => string[];
};

/** @param known names that the list begins with */
export function createSubjectList(known: readonly string[]): SubjectList {
  const names = [...new Set(known)];
  const indices = new Map(names.map((name, index) => [name, index]));
  let isUsed = false;
  return {
    indexOf: (name) => {
      isUsed = true;
      const index = indices.get(name) ?? names.length;
      if (index === names.length) {
        indices.set(name, index);
        names.push(name);
      }
      return index;
    },
    names: () => (isUsed ? [...names] : []),
  };
}
