/** The smallest terminal the console works on (SPEC 14). */
export const minColumns = 80;
export const minRows = 24;
