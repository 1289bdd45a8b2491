import type {ErrorMeaning} from './meaning.js';

export const daemonErrors = {
	'usage.unknown': {meaning: 'A name, flag or id that does not exist.', cure: 'See `sluice --help`.'},
	'usage.ambiguous': {meaning: 'The beginning of an id fits several executions.', cure: 'Give more characters of the id.'},
	'usage.invalid': {meaning: 'A request that lacks something or has a value that is not allowed.', cure: 'See `sluice --help`.'},
	'daemon.disk': {
		meaning: 'The disk that holds the state of the workspace is full, or fails to read or write. What was asked for was not done.',
		cure: 'Make room there, or check it with `sluice doctor`; then ask again.',
	},
	'file.not_written': {
		meaning: 'A file could not be written. What was there before is there as it was, and nothing of the new content is.',
		cure: 'Make room, or give the right to write there, then do it again.',
	},
	'daemon.unreachable': {
		meaning: 'The daemon does not answer.',
		cure: 'Start it with `sluice daemon start`; its log is .sluice/log/daemon.log.',
	},
	'daemon.not_running': {meaning: 'No daemon runs for this workspace.', cure: 'Start it with `sluice daemon start`.'},
	'daemon.start_failed': {
		meaning: 'The daemon could not be started.',
		cure: 'Read .sluice/log/daemon.log, or run `sluice daemon run` to see it start.',
	},
	'daemon.running': {
		meaning: 'Another daemon already serves this workspace.',
		cure: 'Use it as it is, or end it with `sluice daemon stop`.',
	},
	'daemon.no_socket': {
		meaning: 'The daemon found no place for its socket: the path of the workspace is too long, and no folder for sockets can be used.',
		cure: 'Set XDG_RUNTIME_DIR to a short folder of yours, or TMPDIR to one that can be written.',
	},
	'daemon.folder_open': {
		meaning: 'A folder that others can write cannot be trusted with the state.',
		cure: 'Take the right to write away: chmod o-w.',
	},
	'state.gone': {
		meaning: 'A database of a workspace that was in use is missing or empty. Nothing starts without it.',
		cure: 'Put the workspace back from a backup: `sluice restore FILE DIR`; or begin without what it held: `sluice doctor --start-empty`.',
	},
	'state.damaged': {
		meaning: 'A database of the workspace is no longer whole. Nothing starts with it.',
		cure: 'Put the workspace back from a backup: `sluice restore FILE DIR`; keep the damaged file until you have what you need of it.',
	},
	'state.older': {
		meaning: 'A database of the workspace is older than the last one that was in use: what was done since is missing from it.',
		cure: 'Put the newest file back. To go back to a backup as a whole: `sluice restore FILE DIR`.',
	},
	'state.newer': {
		meaning: 'A newer version of Sluice has written control.db. This version would not understand all of it, so nothing starts.',
		cure: 'Install that version again; or restore a backup that this version made: `sluice restore FILE DIR`.',
	},
	'state.foreign': {
		meaning: 'A database is not the one that this workspace used: it has another identity.',
		cure: "Put this workspace's own file back. If the other one is meant, remove .sluice/state.json.",
	},
	'state.not_gone': {
		meaning: '`doctor --start-empty` begins anew only in place of a database that is gone.',
		cure: 'To begin without a database that is there, move its file away first.',
	},
	'backup.not_paused': {
		meaning: 'A run could not be paused for the moment that a backup needs, because its process waits for a disk. No backup was made.',
		cure: 'Make the backup again; if it stays, check the disk with `sluice doctor`.',
	},
	'restore.not_a_backup': {meaning: 'A file is no backup of a workspace.', cure: 'Name a file that `sluice backup` has written.'},
	'restore.damaged': {
		meaning: 'A backup is not whole: it was cut, or its bytes have changed. Nothing was restored.',
		cure: 'Copy the file again from where it was made, or restore an earlier backup.',
	},
	'restore.unsafe': {
		meaning: 'An archive holds a name or a link that leads out of the workspace. `sluice backup` writes none. Nothing was restored.',
		cure: 'Do not use this file. Find out who changed it.',
	},
	'restore.newer': {
		meaning: 'A newer version of Sluice made the backup. Nothing was restored.',
		cure: 'Install that version, or a later one, then restore again.',
	},
	'restore.target': {
		meaning: 'A backup is restored only where nothing is yet.',
		cure: 'Name a folder that is empty or does not exist: `sluice restore FILE DIR`.',
	},
	'backup.no_input': {
		meaning: 'An execution was queued or running when its backup was made, and the backup holds no files of it.',
		cure: 'Run its input again: `sluice run CONNECTOR --input FILE`.',
	},
	'daemon.stopping': {meaning: 'The daemon is shutting down.', cure: 'Run the command again: it starts a new one.'},
	'activation.decided': {
		meaning: 'A decision about the queue came after the connector had been activated. Nothing of it took effect.',
		cure: 'See what waits now with `sluice queue`, and cancel what must not run with `sluice cancel ID`.',
	},
	'queue.decision_needed': {
		meaning: 'Executions wait in the queue; somebody must say what becomes of them before the connector is activated.',
		cure: 'Look at the list, then activate with --keep-all, --cancel-all or --cancel ID.',
	},
	'activation.refused': {meaning: 'Something that activation needs is missing.', cure: 'Add what is listed, then activate again.'},
	'run.incomplete': {
		meaning: 'The configuration is incomplete; a dry run can show how far it gets.',
		cure: 'Accept it with --accept-incomplete.',
	},
	'run.input_missing': {meaning: 'A live run needs an input file or a source.', cure: 'Name the file with --input FILE.'},
	'run.confirm_needed': {
		meaning: 'On a production workspace live runs and cancels must be confirmed.',
		cure: 'Repeat the command with --confirm and the name of the connector.',
	},
	'run.not_ended': {meaning: 'The execution has not ended.', cure: 'Wait for its end, or cancel it.'},
	'run.sql_changed': {
		meaning: 'The SQL has changed since, so the rows of the failed execution no longer mean the same.',
		cure: 'Rerun the whole input, without --rows failed.',
	},
	'run.too_late': {
		meaning: 'All rows are written, or the execution has ended: nothing is left to cancel.',
		cure: 'See what it did with `sluice show`.',
	},
	'run.killed': {
		meaning: 'The same chunk ended the process that works on it several times.',
		cure: 'See the log of the execution and .sluice/log; what was committed stays. Rerun when the cause is gone.',
	},
	'run.artifact_missing': {meaning: 'The execution has no such file, or not yet.', cure: 'See what it has with `sluice show`.'},
	'export.failed': {
		meaning: 'A file could not be written where it was wanted.',
		cure: 'Name a file in a folder that exists and that you may write, with space left.',
	},
	'export.exists': {
		meaning: 'Where an export is to be written stands something that it did not write itself.',
		cure: 'Move it away, or write to another path, such as one with {date} in its name.',
	},
	'export.encoding': {
		meaning: 'A CSV export holds a character that its encoding has no bytes for. No file was written.',
		cure: 'Write it in an encoding that holds all characters (`csv: {encoding: utf-8, bom: true}`), or correct the value.',
	},
	'task.stopped': {
		meaning: 'A task in the background was stopped because the daemon ends.',
		cure: 'Nothing to do: the next daemon does it again where it is still wanted.',
	},
	'export.refused': {
		meaning: "An output may not go there: onto the workspace's own configuration or state, or over something that is no regular file.",
		cure: 'Name another path.',
	},
	'task.failed': {meaning: 'A short task ended without an answer.', cure: 'Run the command again; if it stays, see .sluice/log.'},
	'outgoing.refused': {
		meaning: 'A request to the outside that may not be made.',
		cure: 'Check the address; hosts of the own network must be listed under http.allow_hosts.',
	},
	'outgoing.failed': {
		meaning: 'A request to the outside failed.',
		cure: 'Check the address, and that the server there can be reached from this machine.',
	},
	'delivery.rejected': {
		meaning: 'The receiver refuses a delivery for good; it is not tried again.',
		cure: 'Correct the cause, then send it again with `sluice deliveries --redeliver ID`.',
	},
	'source.failed': {
		meaning: 'The source of a connector could not be read.',
		cure: 'Try it with `sluice source test CONNECTOR`.',
	},
	'secret.missing': {meaning: 'A secret that the configuration names is not set.', cure: 'Set it with `sluice secret set NAME`.'},
	'api.unauthorised': {meaning: 'The API over TCP wants a token.', cure: 'Send `Authorization: Bearer` with the token of `api.token`.'},
	'api.closed': {
		meaning: 'The API over TCP is shut: the secret of its token is not set, or is blank.',
		cure: 'Set it with `sluice secret set NAME`, with the name of `api.token`.',
	},
	'api.host_unknown': {
		meaning: 'The `Host` of a request over TCP is a name that the API is not called by.',
		cure: 'Use the address of `api.listen`, or list the name under `api.hosts` in sluice.yaml.',
	},
	'api.cross_site': {
		meaning: 'A browser sent a request over TCP for a page of another place.',
		cure: 'Use a client that is not a browser.',
	},
	'api.not_json': {meaning: 'The body of a request over TCP is not said to be JSON.', cure: 'Send `Content-Type: application/json`.'},
	'api.broken_upload': {
		meaning: 'The connection ended before the file that was sent had come whole. Nothing was started, and nothing of it is kept.',
		cure: 'Send it again.',
	},
	'api.too_large': {meaning: 'The body of a request to the API is larger than 4 MB.', cure: 'Send less at once.'},
	'daemon.full': {
		meaning: 'As many connections are open as the limit of open files allows.',
		cure: 'Try again in a moment; if it stays, close idle clients or raise the limit (`ulimit -n`).',
	},
	'daemon.open_files': {
		meaning: 'The process may open too few files for a daemon.',
		cure: 'Raise the limit, for example with `ulimit -n 1024`.',
	},
	'secret.invalid': {
		meaning: 'The secret store cannot be read with the key of this user.',
		cure: 'Set the secrets again with `sluice secret set NAME`.',
	},
} as const satisfies Record<string, ErrorMeaning>;
