/** The delimiter that stands for runs of blanks and tabs. */
export const whitespace = 'whitespace';
