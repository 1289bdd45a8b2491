import {readFile, realpath, stat} from 'node:fs/promises';
import {isSeq, parseDocument} from 'yaml';
import type {Proposal} from '../../api/contract.js';
import {writeWhole} from '../../files/whole-file.js';

/**
 * Adds proposed variables to a connector's file, comments and everything else left as they are; those whose name is there already
 * stay as somebody wrote them. The only place where the program writes configuration, and only when told to (SPEC 6).
 */
export async function writeVariables(file: string, proposals: readonly Proposal[]): Promise<void> {
	const document = parseDocument(await readFile(file, 'utf8'));
	const known = document.get('variables');
	const names = new Set(isSeq(known) ? (known.toJSON() as readonly {name?: unknown}[]).map(({name}) => name) : []);
	const fresh = proposals.filter(({name}) => !names.has(name));
	if (fresh.length === 0) return;
	if (!isSeq(known)) document.set('variables', document.createNode([]));
	for (const {note, ...proposal} of fresh) {
		const said = Object.fromEntries(Object.entries(proposal).filter(([, value]) => value !== null && value !== false));
		const node = document.createNode(said, {flow: true});
		if (typeof note === 'string') node.comment = ` ${note}`;
		document.addIn(['variables'], node);
	}
	const text = document.toString({lineWidth: 0, flowCollectionPadding: false});
	// A link stands for the file it leads to. The file keeps its rights: it is in somebody's checkout.
	const path = await realpath(file);
	await writeWhole(path, text, {mode: (await stat(path)).mode & 0o777});
}
