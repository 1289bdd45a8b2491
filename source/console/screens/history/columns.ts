import type {HistoryEntry} from '../../../api/contract.js';
import type {Column} from '../../components/table.js';
import {timeText} from '../shared/words.js';
import {detailText} from './detail.js';

export const historyColumns: readonly Column<HistoryEntry>[] = [
	{key: 'at', title: 'when (UTC)', width: 19, cell: ({at}) => ({text: timeText(at), tone: 'muted'})},
	{key: 'who', title: 'who', width: 8, cell: ({who}) => who},
	{key: 'what', title: 'what', width: 11, cell: ({what}) => ({text: what, tone: 'strong'})},
	{key: 'connector', title: 'connector', width: 15, optional: 1, cell: ({connector}) => connector ?? '-'},
	{key: 'detail', title: 'detail', width: 20, grow: 1, cell: ({detail}) => ({text: detailText(detail), tone: 'muted'})},
];
