import type {ObjectMentions} from '../references.js';
import type {ConnectorInput} from '../schema/connector-schema.js';
import type {Report} from '../shape/report.js';
import type {Shaped} from '../shape/shape.js';
import type {ConnectorFiles} from './connector-files.js';

/** What the parts of a connector are built from. */
export type ConnectorParts = {
	readonly value: ConnectorInput;
	readonly shaped: Shaped<ConnectorInput>;
	readonly files: ConnectorFiles;
	readonly mentions: ObjectMentions;
	/** The file as it was written. */
	readonly root: unknown;
	readonly report: Report;
};
