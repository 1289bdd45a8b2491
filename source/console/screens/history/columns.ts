import type {HistoryEntry} from '../../../api/contract.js';
import {clockText} from '../../../model/moment.js';
import type {Column} from '../../components/table.js';
import {detailText} from './detail.js';

/** @param timezone of the times, which the first column's title names */
export function historyColumns(timezone: string): readonly Column<HistoryEntry>[] {
	return [
		{key: 'at', title: `when (${timezone})`, width: 19, cell: ({at}) => ({text: clockText(at, timezone), tone: 'muted'})},
		{key: 'who', title: 'who', width: 8, cell: ({who}) => who},
		{key: 'what', title: 'what', width: 11, cell: ({what}) => ({text: what, tone: 'strong'})},
		{key: 'connector', title: 'connector', width: 15, optional: 1, cell: ({connector}) => connector ?? '-'},
		{key: 'detail', title: 'detail', width: 20, grow: 1, cell: ({detail}) => ({text: detailText(detail), tone: 'muted'})},
	];
}
