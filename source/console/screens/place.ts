/** Every screen with what must be known to open it. */
export type Places = {
	readonly home: object;
	readonly connectors: object;
	readonly connector: {readonly connector: string; readonly tab?: ConnectorTab};
	readonly run: {readonly connector: string; readonly mode?: 'live' | 'dry'; readonly input?: string};
	readonly executions: {readonly connector?: string; readonly status?: string};
	readonly execution: {readonly execution: string};
	readonly tables: {readonly execution: string; readonly table?: string};
	readonly row: {readonly execution: string; readonly row: number; readonly scope?: string; readonly stage?: string};
	readonly review: {readonly connector: string};
	readonly records: {readonly object?: string; readonly find?: string};
	readonly problems: {readonly connector?: string};
	readonly history: {readonly connector?: string};
	readonly deliveries: object;
	readonly find: {readonly text: string};
};

export const connectorTabs = ['overview', 'executions', 'queue', 'variables', 'load', 'sql', 'settings', 'history'] as const;
export type ConnectorTab = (typeof connectorTabs)[number];

export type ScreenName = keyof Places;

/** Where to go: `{screen: 'execution', execution: id}`. */
export type Place = {readonly [Name in ScreenName]: {readonly screen: Name} & Places[Name]}[ScreenName];

export type PlaceOf<Name extends ScreenName> = {readonly screen: Name} & Places[Name];
