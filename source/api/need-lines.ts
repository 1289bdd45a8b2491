import type {NeedsYou} from './contract.js';

/** A line of what needs someone; `many`: it stands for so many problems of one connector. */
export type NeedLine = {readonly need: NeedsYou; readonly many: number};

/**
 * What needs someone, as it is shown and counted everywhere: the problems of one connector are one line, and a failed run speaks for the
 * attention its connector needs because of it.
 */
export function needLines(needs: readonly NeedsYou[]): readonly NeedLine[] {
	const failed = new Set(needs.filter(({kind}) => kind === 'failed').map(({connector}) => connector));
	const problems = new Map<string | null, number>();
	for (const {kind, connector} of needs) if (kind === 'problem') problems.set(connector, (problems.get(connector) ?? 0) + 1);
	return needs
		.filter(({kind, connector}) => !(kind === 'attention' && failed.has(connector)))
		.filter(
			(need, index, all) =>
				need.kind !== 'problem' || all.findIndex(({kind, connector}) => kind === 'problem' && connector === need.connector) === index,
		)
		.map((need) => ({need, many: need.kind === 'problem' ? (problems.get(need.connector) ?? 1) : 1}));
}

/** What a line is about; the files of a connector stand without the folder that bears its name. */
export function needText({need: {kind, connector, message}, many}: NeedLine): string {
	if (kind !== 'problem') return message;
	const folder = `connectors/${connector}/`;
	const text = connector !== null && message.startsWith(folder) ? message.slice(folder.length) : message;
	return many === 1 ? text : `${many} problems, first ${text}`;
}
