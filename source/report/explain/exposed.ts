import type {LoadStep} from '../../model/load-step.js';
import type {RelatedRecord} from '../../model/related-record.js';
import type {SqlSession} from '../../model/sql-session.js';
import type {RowsRequest} from '../rows/request.js';
import type {LoadRow} from '../rows/shapes.js';
import {namedRecords} from '../run-tables/related.js';

/** The record that a row ended on in a step that exposes its id: what later steps of the scope work with. */
export type Exposed = {
	/** As the run knew the record, in a dry run too. */
	readonly id: string;
	/** As people are told of it. */
	readonly shown: RelatedRecord;
};

/**
 * @param row with its record's id as it is kept
 * @returns null where the row ended on no record: the variable is blank then (SPEC 8.2)
 */
export async function exposedBy(
	session: SqlSession,
	request: Pick<RowsRequest, 'mode' | 'connector' | 'objects'>,
	step: LoadStep,
	number: number,
	{record_id: id, record}: Pick<LoadRow, 'record_id' | 'record'>,
): Promise<Exposed | null> {
	if (id === null) return null;
	const relations = {step: number, objects: new Map([['', step.object]]), kept: false};
	const isToBe = request.mode === 'dry' && (await namedRecords(session, relations, [id], request)).get(id)?.created === true;
	return {id, shown: {id: isToBe ? null : id, record, to_be_created: isToBe}};
}
