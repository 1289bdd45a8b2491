/** The rest of a note on a wall time that its zone has not once; the instant it was taken for follows. */
export const wallTimeNotes = {
	gap: (zone: string) => `does not exist in ${zone}, the clocks skip it; read as `,
	fold: (zone: string) => `happens twice in ${zone}; read as the first, `,
} as const;
