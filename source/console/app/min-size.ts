/** The smallest terminal the console works on (SPEC 14). */
export const leastColumns = 80;
export const leastRows = 24;
