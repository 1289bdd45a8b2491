/* A runner to be killed: takes the lease it is given and commits chunks of ten records, one after the other, until there are a hundred. */
import {randomUUID} from 'node:crypto';
import {openStore} from '../../dist/source/store/sqlite/open-store.js';

const [file, execution, lease, objects] = process.argv.slice(2);
const [object] = JSON.parse(objects);
const store = await openStore(file, [object]);
await store.takeLease(execution, Number(lease));
const done = (await store.checkpoints(execution)).length;
for (let number = done + 1; number <= 100; number++) {
	const emails = Array.from({length: 10}, (_, index) => `${(number - 1) * 10 + index}@x.io`);
	await store.beginChunk();
	const found = await store.lookup('contacts', 'email', emails);
	const creates = emails.filter((email) => !found.has(email)).map((email) => ({id: randomUUID(), values: [email, `of ${number}`]}));
	await store.commitChunk({
		execution,
		lease: Number(lease),
		step: 1,
		chunk: number,
		object: 'contacts',
		fields: ['email', 'name'],
		pushAsides: [],
		creates,
		updates: [],
		options: [],
		events: creates.map(({id}) => ({id, kind: 'record_created', record: id, changes: {}, direct: ['welcome'], triggers: true})),
		counts: {created: creates.length, updated: 0, skipped: 0, errored: 0, warnings: 0},
	});
	process.send?.(number);
}
await store.close();
process.disconnect?.();
