/** The kinds of single edits that a search tries, and that it counts apart. */

/** A token, or with "words only" a word, is replaced, put in or left out. */
export const tokenEdits = ['substitute', 'insert', 'delete'] as const;

/** What a slip of the hand does to a letter; `key`: the key beside it. */
export const characterEdits = ['swap', 'drop', 'repeat', 'case', 'key'] as const;

export const editKinds = [...tokenEdits, ...characterEdits] as const;
export type EditKind = (typeof editKinds)[number];

/** What is taken where a person says nothing else. */
export const searchDefaults = { budget: 500, maxEdits: 3, worst: 20 } as const;
