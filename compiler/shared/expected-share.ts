/** The share of neurons that intervals leave undecided in a network that was trained; in one that was not, nearly all are. */
export const expectedShare: number = 1 / 8;
