/** What a code means in general, and what a person can do about it. */
export type ErrorMeaning = {readonly meaning: string; readonly cure: string};
