import type {ArtifactName, Exported} from '../../../api/contract.js';
import type {Execution} from '../../../model/execution.js';

/** What can be done with an execution from any screen that shows one: part of those screens' commands. */
export type Act =
	| {readonly type: 'menu'; readonly of: Execution}
	| {readonly type: 'download'; readonly of: Execution; readonly artifact: ArtifactName}
	| {readonly type: 'downloadTo'; readonly of: Execution; readonly artifact: ArtifactName; readonly to: string}
	| {readonly type: 'downloaded'; readonly written: Exported}
	| {readonly type: 'askRerun'; readonly of: Execution; readonly rows?: 'failed'}
	| {readonly type: 'rerun'; readonly of: Execution; readonly rows?: 'failed'}
	| {readonly type: 'started'; readonly execution: Execution}
	| {readonly type: 'askAcknowledge'; readonly of: Execution}
	| {readonly type: 'acknowledge'; readonly of: Execution}
	| {readonly type: 'askCancel'; readonly of: Execution}
	| {readonly type: 'cancel'; readonly of: Execution}
	/** The daemon's picture of it after an order. */
	| {readonly type: 'changed'; readonly execution: Execution; readonly said: string};
