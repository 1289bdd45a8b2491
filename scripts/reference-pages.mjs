/** The reference pages that are made from the program itself. `dist` is the compiled program. */
import {commands, commonFlags} from '../dist/source/commands/table.js';
import {keyLabel} from '../dist/source/console/keys/key.js';
import {keyTable} from '../dist/source/console/keys/table.js';
import {errorCodes} from '../dist/source/model/error-codes.js';

const made = (from) => `<!-- Made by scripts/write-reference.mjs from ${from}. -->\n\n`;
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** `docs/reference/errors.md`: every code, what it means, what to do. */
export function errorsPage() {
	const rows = Object.entries(errorCodes)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([code, {meaning, cure}]) => `| \`${code}\` | ${cell(meaning)} | ${cell(cure)} |`);
	return `# Errors\n\n${made('source/model/error-codes/')}A code never changes its meaning. With \`--json\` an error is one object on stderr: \`{code, message, where, expected, cure}\`.\n\n| code | meaning | what to do |\n|---|---|---|\n${rows.join('\n')}\n`;
}

/** `docs/reference/commands.md`: every command with its words and flags. */
export function commandsPage() {
	const flagRows = (flags) =>
		Object.entries(flags)
			.map(([name, flag]) => `| \`--${name}${flag.value ? ` ${flag.value}` : ''}\` | ${cell(flag.summary)} |`)
			.join('\n');
	const sections = commands.map(({name, words, summary, flags}) => {
		const table = Object.keys(flags).length === 0 ? '' : `\n\n| flag | |\n|---|---|\n${flagRows(flags)}`;
		return `## sluice ${`${name} ${words}`.trim()}\n\n${summary[0].toUpperCase()}${summary.slice(1)}.${table}`;
	});
	const codes = '0 done · 1 failed · 2 wrong usage · 3 finished with status `warning` (`demo`: 0) · 4 cancelled · 5 needs a decision';
	return `# Commands\n\n${made('source/commands/table.ts')}Exit codes: ${codes}. Execution ids may be shortened to a unique prefix, or be \`last\`.\n\nFlags of every command:\n\n| flag | |\n|---|---|\n${flagRows(commonFlags)}\n\n${sections.join('\n\n')}\n`;
}

const scopeNames = {
	app: 'Everywhere',
	list: 'Lists',
	columns: 'Lists with columns',
	tabs: 'Tabs',
	connectorActions: 'A connector, in the list and opened',
	connectors: 'Connectors',
	connector: 'Connector',
	executions: 'Executions',
	execution: 'Execution',
	tables: 'Tables',
	row: 'Row',
	review: 'Activation review',
	form: 'Run dialog',
	records: 'Records',
	problems: 'Problems',
	found: 'Find',
	deliveries: 'Deliveries',
	dialog: 'Dialogs',
};

/** `docs/reference/keys.md`: every key of the console by the place it works in. */
export function keysPage() {
	const sections = Object.entries(keyTable).map(([scope, rows]) => {
		const lines = rows.map(
			({command, keys, says}) => `| ${keys.map((key) => `\`${keyLabel(key)}\``).join(' ')} | ${cell(says)} | \`${command}\` |`,
		);
		return `## ${scopeNames[scope] ?? scope}\n\nScope \`${scope}\`.\n\n| key | does | command |\n|---|---|---|\n${lines.join('\n')}`;
	});
	return `# Keys of the console\n\n${made('source/console/keys/table.ts')}Arrow keys, \`Enter\`, \`Esc\`, \`/\`, \`:\` and \`?\` are enough for everything; \`?\` shows the keys of the screen one is on.\n\nOther keys can be chosen in \`~/.config/sluice/keys.yaml\` (or \`$SLUICE_KEYS\`), by scope and command: \`list: {down: [j, n]}\`.\n\n${sections.join('\n\n')}\n`;
}
