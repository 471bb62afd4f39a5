/** `1 example`, `20 examples`: a count with its noun, for sentences that people read. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
