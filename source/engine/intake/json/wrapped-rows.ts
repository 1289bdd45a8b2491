import {spelledOut} from '../../../text/visible.js';
import type {IntakeWarning} from '../page.js';
import type {JsonObject} from './json-objects.js';
import type {Members} from './members.js';

/** Finds a file that is one object around a list of objects, as the answers of many APIs are: then the whole file is one row. */
export class WrappedRows {
	private objects = 0;
	private first: {readonly line: number; readonly keys: readonly string[]; readonly lists: readonly string[]} | null = null;

	constructor(private readonly name: string) {}

	look({line}: JsonObject, {cells, lists}: Members): void {
		this.objects++;
		this.first ??= {line, keys: [...cells.keys()], lists: [...lists]};
	}

	/** A `.jsonl` of one line is one row on purpose, whatever it holds. */
	warnings(): readonly IntakeWarning[] {
		const {first, name} = this;
		if (this.objects !== 1 || !first || first.lists.length === 0 || !/\.json$/i.test(name)) return [];
		const keys = `${first.keys.length === 1 ? 'key' : 'keys'} ${listed(first.keys)}`;
		const [list = ''] = first.lists;
		const pointer = spelledOut(`/${list.replaceAll('~', '~0').replaceAll('/', '~1')}`);
		const message = `${name} is one object with the ${keys}, so it is one row; rows are wanted at the top: save the list under ${listed(first.lists)} as a file of its own, or take it from a source with \`url\` by \`rows: ${pointer}\``;
		return [{line: first.line, message}];
	}
}

/** Keys named in a message; of many, the first ten. */
function listed(keys: readonly string[]): string {
	const named = keys.slice(0, 10).map((key) => spelledOut(JSON.stringify(key)));
	return [...named, ...(keys.length > named.length ? ['…'] : [])].join(', ');
}
