import type {ConnectorSummary, Gathering} from '../api/contract.js';
import type {Clock} from './clock.js';
import type {Column} from './output.js';

/** The open webhook windows of a connector. */
export type ConnectorGathering = Gathering & {readonly connector: string};

/** Connectors with webhook requests that are in no execution yet, in their order. */
export function gatheringOf(connectors: readonly ConnectorSummary[]): readonly ConnectorGathering[] {
	return connectors.flatMap(({api_name, gathering}) => (gathering === null ? [] : [{connector: api_name, ...gathering}]));
}

export const gatheringColumns = (clock: Clock): readonly Column<ConnectorGathering>[] => [
	{title: 'connector', of: ({connector}) => connector},
	{title: 'requests', of: ({requests}) => requests.toLocaleString('en-GB'), right: true},
	{title: 'bytes', of: ({bytes}) => bytes.toLocaleString('en-GB'), right: true},
	{title: clock.title('queued at'), of: ({queued_at}) => clock.time(queued_at)},
];
