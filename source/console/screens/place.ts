import type {RowFilter} from '../../api/client.js';

/** Every screen with what must be known to open it. */
export type Places = {
	readonly home: object;
	readonly connectors: object;
	/** `act`: what is asked about as soon as the connector is known. */
	readonly connector: {readonly connector: string; readonly tab?: ConnectorTab; readonly act?: ConnectorAct};
	readonly run: {readonly connector: string; readonly mode?: 'live' | 'dry'; readonly input?: string};
	readonly executions: {readonly connector?: string; readonly status?: string};
	/** `act`: what is asked about as soon as the execution is known. */
	readonly execution: {readonly execution: string; readonly act?: ExecutionAct; readonly panel?: 'log'};
	readonly tables: {readonly execution: string; readonly table?: string};
	/** `within`: the list it is opened from, whose rows come before and after it. */
	readonly row: {
		readonly execution: string;
		readonly row: number;
		readonly scope?: string;
		readonly stage?: string;
		readonly within?: RowsInSight;
	};
	readonly review: {readonly connector: string};
	readonly records: {readonly object?: string; readonly find?: string; readonly archived?: boolean};
	readonly problems: {readonly connector?: string};
	readonly history: {readonly connector?: string};
	readonly deliveries: object;
	readonly find: {readonly text: string};
};

/** The rows of a table that a filter leaves, in an order, and which of them one is at, from 0. */
export type RowsInSight = {
	readonly table: string;
	readonly filter: Omit<RowFilter, 'sort' | 'descending' | 'offset' | 'limit'>;
	readonly sort: {readonly column: string; readonly descending: boolean} | null;
	readonly at: number;
	readonly total: number;
};

/** What can be done with a connector by its name on the command line. */
export type ConnectorAct = 'deactivate' | 'infer' | 'testWebhook';

/** What can be done with an execution by its name on the command line. */
export type ExecutionAct = 'report' | 'sql_output' | 'input' | 'rerun' | 'rerunFailed' | 'acknowledge' | 'cancel';

export const connectorTabs = ['overview', 'executions', 'queue', 'variables', 'load', 'sql', 'settings', 'history'] as const;
export type ConnectorTab = (typeof connectorTabs)[number];

export type ScreenName = keyof Places;

/** Where to go: `{screen: 'execution', execution: id}`. */
export type Place = {readonly [Name in ScreenName]: {readonly screen: Name} & Places[Name]}[ScreenName];

export type PlaceOf<Name extends ScreenName> = {readonly screen: Name} & Places[Name];
