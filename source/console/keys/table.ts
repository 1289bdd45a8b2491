/** A row of the key table: footer, `?`, palette, documentation and tests all come from here. */
export type Binding = {
	/** What it does, as screens know it. */
	readonly command: string;
	/** The first key is the one that is shown. */
	readonly keys: readonly string[];
	/** One or two words for the footer and menus. */
	readonly label: string;
	/** A sentence for `?` and the documentation. */
	readonly says: string;
	/** Whether the footer has it; a smaller number stays longer when the line is short. */
	readonly footer?: number;
	/** The command of the opposite direction, which the footer names with it, and what it calls the two: `← → tab`. */
	readonly pair?: {readonly command: string; readonly label: string};
};

const row = (
	command: string,
	keys: string,
	label: string,
	says: string,
	footer?: number,
	pair?: readonly [command: string, label: string],
): Binding => ({
	command,
	keys: keys.split(' '),
	label,
	says,
	...(footer !== undefined && {footer}),
	...(pair !== undefined && {pair: {command: pair[0], label: pair[1]}}),
});

/**
 * Every scope with its commands. A screen names the scopes it listens to, the first one first; `app` always comes last. No key may
 * stand twice in what a screen listens to (a test holds it). Arrow keys, Enter, Esc, `/`, `:` and `?` are enough for everything (SPEC 14).
 */
export const keyTable = {
	app: [
		row('back', 'escape', 'back', 'Go back; it never acts', 2),
		row('palette', ':', 'go', 'Go anywhere, do anything: connectors, executions, commands', 90),
		row('help', '?', 'keys', 'The keys of this screen', 91),
		row('copyCommand', 'y', 'copy', 'Copy the command line that does the same', 80),
		row('refresh', 'ctrl-r', 'refresh', 'Ask the daemon for everything on the screen again'),
		row('redraw', 'ctrl-l', 'redraw', 'Draw the whole screen again'),
		row('theme', 'ctrl-t', 'theme', 'The next colour theme'),
		row('home', '~', 'home', 'Back to Home'),
		row('quit', 'q', 'quit', 'Leave the console; the daemon and its executions go on', 99),
		row('interrupt', 'ctrl-c', 'quit', 'Twice: leave the console'),
	],
	list: [
		row('up', 'up k', 'up', 'One row up'),
		row('down', 'down j', 'down', 'One row down'),
		row('pageUp', 'pageup ctrl-u', 'page up', 'A page up'),
		row('pageDown', 'pagedown ctrl-d', 'page down', 'A page down'),
		row('top', 'home g', 'top', 'To the first row'),
		row('bottom', 'end G', 'bottom', 'To the last row'),
		row('open', 'enter', 'open', 'Open what the cursor is on', 1),
		row('find', '/', 'find', 'Find or filter', 10),
	],
	home: [
		row('toConnectors', 'c', 'connectors', 'All connectors', 3),
		row('toExecutions', 'e', 'executions', 'All executions', 4),
		row('search', 'f', 'find a row', 'Find the rows of past executions that hold a value', 5),
		row('toRecords', 'r', 'records', 'The records in the store', 6),
	],
	columns: [
		row('left', 'left h', 'column left', 'One column to the left'),
		row('right', 'right l', 'column right', 'One column to the right'),
		row('sort', 's', 'sort', 'Sort by this column; again: the other way round', 30),
	],
	tabs: [
		row('previousTab', 'left shift-tab h', 'previous tab', 'The tab to the left', 2, ['nextTab', 'tab']),
		row('nextTab', 'right tab l', 'next tab', 'The tab to the right'),
	],
	connectorActions: [
		row('run', 'r', 'run', 'Run it: opens the run dialog', 3),
		row('dryRun', 'd', 'dry run', 'Dry run: does everything but write', 4),
		row('toggleActive', 't', 'on/off', 'Activate it, with a review of its queue, or deactivate it', 5),
		row('edit', 'e', 'edit', 'Open its file in $EDITOR', 7),
	],
	connectors: [row('openConnector', 'o', 'open', 'Open the connector')],
	connector: [
		row('queue', 'w', 'review queue', 'Review what waits', 12),
		row('infer', 'i', 'infer', 'Variables the sample suggests: look at them, copy them, write them', 13),
		row('testWebhook', 's', 'webhook test', 'Send a signed test request to the listener: asks first', 14),
	],
	executions: [
		row('menu', 'm', 'menu', 'Download report, SQL output or input; rerun, acknowledge, cancel', 3),
		row('filterStatus', 'f', 'status', 'Filter by status', 11),
		row('filterMode', 'v', 'live/dry', 'Show live, dry or all executions', 12),
		row('filterObject', 'b', 'object', 'Filter by the object that is written', 13),
		row('filterOperation', 'i', 'import/export', 'Show imports, exports or all executions', 14),
	],
	execution: [
		row('menu', 'm', 'menu', 'Download report, SQL output or input; rerun, acknowledge, cancel', 3),
		row('explain', 'x', 'why', 'What went wrong at length, and what to look at', 6),
		row('follow', 'f', 'follow', 'Follow the log, or stop following', 12),
		row('tables', 't', 'tables', 'Its tables: SQL output, variables, load steps', 4),
		row('nextPanel', 'tab', 'panel', 'The next panel: stages, log', 13),
		row('cancel', 'c', 'cancel', 'Cancel it: asks first', 5),
		row('edit', 'e', 'edit', 'Open the file it failed in, at its line, in $EDITOR; without one the connector’s', 7),
	],
	tables: [
		row('nextTable', 'tab ]', 'next table', 'The next table of this execution', 5),
		row('previousTable', 'shift-tab [', 'previous table', 'The table before'),
		row('filterOutcome', 'o', 'outcome', 'Filter by outcome', 11),
		row('filterValue', ',', 'same value', 'Only rows with this value in this column', 12),
		row('values', 'f', 'values', 'How often each value of this column occurs', 13),
		row('reasons', 'r', 'reasons', 'Similar reasons, grouped', 14),
		row('hide', '-', 'hide column', 'Hide this column'),
		row('showAll', '+', 'show columns', 'Show the hidden columns again'),
		row('widen', '>', 'widen', 'Widen this column'),
		row('narrow', '<', 'narrow', 'Narrow this column'),
		row('clearFilters', 'x', 'all rows', 'Take all filters away', 15),
		row('cell', 'space', 'cell', 'The whole text of this cell'),
	],
	row: [
		row('left', 'left h', 'stage before', 'The stage before', 3, ['right', 'stage']),
		row('right', 'right l', 'next stage', 'The next stage'),
		row('previousRow', '[', 'row before', 'The row before', 5, ['nextRow', 'row']),
		row('nextRow', ']', 'next row', 'The next row'),
		row('up', 'up k', 'up', 'Scroll up'),
		row('down', 'down j', 'down', 'Scroll down'),
	],
	review: [
		row('keep', 'k', 'keep', 'Keep this one', 2),
		row('cancelOne', 'c', 'cancel', 'Cancel this one', 3),
		row('keepDay', 'd', 'keep day', 'Keep all of the day the cursor is in', 12),
		row('cancelDay', 'D', 'cancel day', 'Cancel all of the day the cursor is in', 13),
		row('keepAll', 'K', 'keep all', 'Keep all', 4),
		row('cancelAll', 'C', 'cancel all', 'Cancel all', 5),
		row('activate', 'a', 'activate', 'Activate with exactly this decision: asks first', 1),
		row('up', 'up', 'up', 'One row up'),
		row('down', 'down', 'down', 'One row down'),
		row('pageUp', 'pageup ctrl-u', 'page up', 'A page up'),
		row('pageDown', 'pagedown ctrl-d', 'page down', 'A page down'),
		row('top', 'home g', 'top', 'To the first row'),
		row('bottom', 'end G', 'bottom', 'To the last row'),
		row('open', 'enter', 'open', 'Open the execution the cursor is on'),
	],
	form: [
		row('nextField', 'tab down', 'next field', 'The next field', 2),
		row('previousField', 'shift-tab up', 'field before', 'The field before'),
		row('left', 'left', 'choose', 'The choice before'),
		row('right', 'right', 'choose', 'The next choice'),
		row('submit', 'enter', 'start', 'Start with exactly this', 1),
		row('complete', 'ctrl-n', 'complete', 'Complete the path'),
	],
	records: [
		row('archived', 'a', 'archived', 'Show active or archived records', 11),
		row('filterField', 'w', 'where', 'Only records with a value in this column', 12),
		row('archiveRecord', 'x', 'archive', 'Archive this record, or bring it back: asks first', 13),
		row('nextObject', 'tab ]', 'next object', 'The next object', 5),
		row('previousObject', 'shift-tab [', 'object before', 'The object before'),
		row('executions', 'e', 'executions', 'The executions that touched this record', 12),
	],
	problems: [
		row('edit', 'e', 'edit', 'Open the file at this line in $EDITOR', 3),
		row('validate', 'v', 'validate', 'Check everything again', 4),
	],
	found: [row('search', 's', 'search', 'Look for another value', 3)],
	deliveries: [row('redeliver', 'r', 'redeliver', 'Send this one again: asks first', 3)],
	dialog: [
		row('confirm', 'ctrl-y', 'confirm', 'Do what the dialog says', 1),
		row('cancel', 'escape', 'leave it', 'Close the dialog; nothing is done', 2),
	],
} as const satisfies Readonly<Record<string, readonly Binding[]>>;

export type Scope = keyof typeof keyTable;
export type KeyCommand = (typeof keyTable)[Scope][number]['command'];
