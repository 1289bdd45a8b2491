import type {Problem} from '../../model/problem.js';
import {redactedTexts} from '../../text/redaction.js';
import type {ControlDatabase} from './open.js';

/** What validations said, remembered for exactly what they read (SPEC 5.6). No problems: it succeeded. */
export function validationTable(database: ControlDatabase, now: () => string, hide: (text: string) => string) {
	const read = database.prepare<[string, string], {problems: string}>(
		'SELECT problems FROM validations WHERE connector = ? AND fingerprint = ?',
	);
	const write = database.prepare('INSERT OR REPLACE INTO validations (connector, fingerprint, problems, at) VALUES (?, ?, ?, ?)');
	const trim = database.prepare(
		'DELETE FROM validations WHERE connector = @connector AND fingerprint NOT IN (SELECT fingerprint FROM validations WHERE connector = @connector ORDER BY at DESC LIMIT 50)',
	);
	return {
		/** Null: never validated as it stands. */
		recall(connector: string, fingerprint: string): readonly Problem[] | null {
			const row = read.get(connector, fingerprint);
			return row ? (JSON.parse(row.problems) as Problem[]) : null;
		},
		remember(connector: string, fingerprint: string, problems: readonly Problem[]): void {
			write.run(connector, fingerprint, JSON.stringify(redactedTexts(problems, hide)), now());
			trim.run({connector});
		},
	};
}
