import type {Problem} from '../../model/problem.js';
import {webhookSenderNames} from '../../model/webhook-sender-names.js';
import {webhookSenders} from '../../model/webhook-senders.js';
import {valueAt} from '../shape/explain-issue.js';
import type {Problems} from '../yaml/problems.js';

const path = ['webhook', 'auth'];

/** What a named sender does not sign, and what that means for who receives it. */
export function webhookHints({file, yaml}: Pick<Problems, 'file' | 'yaml'>): readonly Problem[] {
	const auth = valueAt(yaml.root, path);
	const name = webhookSenderNames.find((known) => typeof auth === 'object' && auth !== null && Object.hasOwn(auth, known));
	if (name === undefined) return [];
	const hint = {file, ...yaml.keyPlace([...path, name]), severity: 'hint'} as const;
	const {proofs, id} = webhookSenders[name];
	const signatures = proofs.flatMap((proof) => (proof.kind === 'signature' ? [proof] : []));
	if (signatures.length === 0) return [];
	const hints: Problem[] = [];
	if (signatures.every(({signed}) => !/\{(body|form)\}/.test(signed))) {
		hints.push({
			...hint,
			code: 'workspace.unsigned_event',
			message: `${name} does not sign the event itself`,
			expected: 'nothing, where the way from the sender to here is encrypted',
		});
	}
	const signsTime = signatures.some(
		({signed, format, timestamp}) => timestamp || format.includes('{timestamp}') || signed.includes('{timestamp}'),
	);
	// An id in the body is signed with it: a request that comes again counts once.
	const signsId = id !== null && 'body' in id;
	if (!signsTime && !signsId && proofs.length === signatures.length) {
		hints.push({
			...hint,
			code: 'workspace.unsigned_time',
			message: `${name} signs no time: a recorded request can be sent again`,
			expected: 'nothing, where the way from the sender to here is encrypted',
		});
	}
	return hints;
}
