import {access, constants, readFile, realpath, stat} from 'node:fs/promises';
import {type Document, isMap, isScalar, isSeq, parseDocument} from 'yaml';
import type {ReadProposal} from '../model/read-options.js';
import {notWritten} from '../platform/files/file-error.js';
import {writeWhole} from '../platform/files/whole-file.js';
import type {Proposal} from './contract.js';

/**
 * Adds proposed keys of `read` and proposed variables to a connector's file, comments and everything else left as they are; what is there
 * already stays unchanged. The only place where the program writes configuration, and only when told to (SPEC 6).
 *
 * @throws SluiceError `file.not_written`, also for a file that this user may not write in a folder in which he could replace it
 */
export async function writeProposals(file: string, read: ReadProposal, proposals: readonly Proposal[]): Promise<void> {
	const document = parseDocument(await textToChange(file));
	const changed = [addRead(document, read), addVariables(document, proposals)];
	if (!changed.includes(true)) return;
	const text = document.toString({lineWidth: 0, flowCollectionPadding: false});
	// Write to the file that a link leads to, and keep its mode: the configuration is often a checkout that others read.
	const path = await realpath(file);
	await writeWhole(path, text, {mode: (await stat(path)).mode & 0o777});
}

async function textToChange(file: string): Promise<string> {
	try {
		await access(file, constants.R_OK | constants.W_OK);
		return await readFile(file, 'utf8');
	} catch (error) {
		throw notWritten(file, error);
	}
}

function addVariables(document: Document, proposals: readonly Proposal[]): boolean {
	const known = document.get('variables');
	const names = new Set(isSeq(known) ? (known.toJSON() as readonly {name?: unknown}[]).map(({name}) => name) : []);
	const fresh = proposals.filter(({name}) => !names.has(name));
	if (fresh.length === 0) return false;
	if (!isSeq(known)) document.set('variables', document.createNode([]));
	for (const {note, ...proposal} of fresh) {
		const said = Object.fromEntries(Object.entries(proposal).filter(([, value]) => value !== null && value !== false));
		const node = document.createNode(said, {flow: true});
		if (typeof note === 'string') node.comment = ` ${note}`;
		document.addIn(['variables'], node);
	}
	return true;
}

/** `read` is put before the variables, which are columns of what it leads to. */
function addRead(document: Document, {notes: _, ...keys}: ReadProposal): boolean {
	const known = document.get('read');
	const fresh = Object.entries(keys).filter(([key]) => !isMap(known) || !known.has(key));
	if (fresh.length === 0) return false;
	if (isMap(known)) {
		for (const [key, value] of fresh) known.set(key, value);
		return true;
	}
	const {contents} = document;
	if (!isMap(contents)) return false;
	const pair = document.createPair('read', document.createNode(Object.fromEntries(fresh), {flow: true}));
	const empty = contents.items.findIndex(({key}) => isScalar(key) && key.value === 'read');
	const variables = contents.items.findIndex(({key}) => isScalar(key) && key.value === 'variables');
	if (empty >= 0) contents.items[empty] = pair;
	else contents.items.splice(variables < 0 ? contents.items.length : variables, 0, pair);
	return true;
}
