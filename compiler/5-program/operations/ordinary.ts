/** What goes for most operations: they make a tensor of their own from their operands, wherever they stand. */

export const ordinary = {
  structure: { kind: 'value' },
  walk: null,
  declares: null,
  result: 'own',
  purity: 'pure',
  length: 1,
} as const;

/** Work that is no multiply-adds. */
export const noMacs = (): 0 => 0;

/** Sharing and inlining of what is cheap enough to be computed again where it is needed, so that a function reads by itself. */
export const cheap = { sharing: 'withinFunction', inlined: 'withSameRole' } as const;

/** As `cheap`, and read as a part of a larger expression. */
export const slight = { sharing: 'withinFunction', inlined: 'anywhere' } as const;

/** What is worth passing along between functions. */
export const costly = { sharing: 'everywhere', inlined: 'withSameRole' } as const;
