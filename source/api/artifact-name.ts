import {basename} from 'node:path';
import type {Execution} from '../model/execution.js';
import type {ArtifactName} from './contract.js';

/** What artifacts are called in sentences. */
export const artifactNouns: Readonly<Record<ArtifactName, string>> = {report: 'report', sql_output: 'SQL output', input: 'input file'};

const endings = {report: 'report.xlsx', sql_output: 'sql-output.zip'} as const;

/** The name that an artifact is saved under: the input keeps its own, the others get one that tells executions apart. */
export function artifactFileName({connector, id, input_file: input}: Execution, artifact: ArtifactName): string {
	return artifact === 'input' ? basename(input ?? 'input') : `${connector}-${id.slice(0, 13)}-${endings[artifact]}`;
}
