import {basename} from 'node:path';
import type {Connector} from '../../model/connector.js';
import type {Control} from '../control/control.js';
import {stuckFile} from '../retention/stuck.js';
import {leftAloneOf} from './left-alone.js';

/** What of a connector's drop folder needs someone: entries that are left alone, files that could not be moved or deleted. */
export function dropFolderNeeds(
	control: Pick<Control, 'facts'>,
	connector: Connector | null,
): readonly {readonly connector: string; readonly message: string}[] {
	if (connector?.source == null || !('file' in connector.source)) return [];
	const {apiName} = connector;
	const leftAlone = leftAloneOf(control, apiName);
	const stuck = stuckFile(control, apiName);
	return [...(leftAlone === null || leftAlone.count === 0 ? [] : [leftAloneText(leftAlone)]), ...(stuck === null ? [] : [stuck])].map(
		(message) => ({connector: apiName, message}),
	);
}

function leftAloneText({files, count}: {readonly files: readonly string[]; readonly count: number}): string {
	const [first = ''] = files;
	const others = count > 1 ? `, and ${count - 1} more` : '';
	return `${count === 1 ? 'An entry' : `${count} entries`} of the drop folder ${count === 1 ? 'is' : 'are'} left alone: ${basename(first)}${others}. Put the files themselves there, or take them away`;
}
