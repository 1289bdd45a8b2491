/** The kinds of database that a source reads in their own SQL (SPEC 11): each is the key of `source` that names its secret. */
export const databaseKinds = ['postgres', 'mysql', 'sqlserver'] as const;

export type DatabaseKind = (typeof databaseKinds)[number];

/** What a source reads, by the key of `source` that says it. */
export const sourceKinds = ['file', 'url', 'sql', ...databaseKinds] as const;

export type SourceKind = (typeof sourceKinds)[number];
