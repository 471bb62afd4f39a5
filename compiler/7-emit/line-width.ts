/** How long a line of the emitted module may be: of code, of comments, of literals. */
export const lineWidth = 100;
