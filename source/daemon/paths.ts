import {join} from 'node:path';
import {daemonFiles, filesOfState} from '../api/socket-path.js';

export type ExecutionFolder = {
	readonly path: string;
	readonly configuration: string;
	readonly log: string;
	readonly inputFolder: string;
	input(name: string): string;
};

export type Paths = ReturnType<typeof pathsOf>;

/** Every place of the state folder (SPEC 2). Both folders are absolute and real. */
export function pathsOf(workspaceDir: string, state = daemonFiles(workspaceDir).state) {
	const {file, log, logFile} = filesOfState(state);
	const executions = join(state, 'executions');
	return {
		workspace: workspaceDir,
		state,
		daemonFile: file,
		log,
		logFile,
		control: join(state, 'control.db'),
		/** Which databases this workspace has used. */
		stateFile: join(state, 'state.json'),
		/** The last valid `sluice.yaml`. */
		lastSettings: join(state, 'sluice.last-valid.yaml'),
		/** Folders of executions that `control.db` does not know. */
		lost: join(state, 'lost'),
		lock: join(state, 'daemon.lock'),
		secrets: join(state, 'secrets.json'),
		/** The id of the workspace, which its key is named by. */
		workspaceId: join(state, 'workspace-id'),
		executions,
		/** Mails of a workspace without a mail server. */
		outbox: join(state, 'outbox'),
		samples: join(state, 'samples'),
		/** The masked rows that stay of an execution's input. */
		sample: (connector: string, id: string) => join(state, 'samples', connector, `${id}.csv`),
		/** Scratch folders of short tasks. */
		tasks: join(state, 'tasks'),
		execution(id: string): ExecutionFolder {
			const path = join(executions, id);
			const inputFolder = join(path, 'input');
			return {
				path,
				configuration: join(path, 'configuration.json'),
				log: join(path, 'log.ndjson'),
				inputFolder,
				input: (name) => join(inputFolder, name),
			};
		},
	};
}
