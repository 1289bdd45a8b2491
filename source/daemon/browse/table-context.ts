import type {Connector} from '../../model/connector.js';
import {SluiceError} from '../../model/errors.js';
import type {ExecutionMode} from '../../model/execution.js';
import type {ObjectDefinition} from '../../model/object.js';
import type {StoredExecution} from '../control/stored-execution.js';
import {readSnapshot} from '../dispatch/snapshot.js';
import type {Paths} from '../paths.js';

/** What is needed to read an execution's tables: the configuration it ran with. */
export type TableContext = {readonly mode: ExecutionMode; readonly connector: Connector; readonly objects: readonly ObjectDefinition[]};

/** @throws SluiceError `run.artifact_missing` for an execution that never started, or whose folder was cleared */
export async function tableContext(paths: Paths, {id, mode}: StoredExecution): Promise<TableContext> {
	const snapshot = await readSnapshot(paths.execution(id).configuration);
	if (!snapshot) throw noTables(id);
	return {mode, connector: snapshot.connector, objects: snapshot.objects};
}

export function noTables(id: string): SluiceError {
	return new SluiceError('run.artifact_missing', 'The execution has no tables: it has not begun, or did not get that far', {where: id});
}
