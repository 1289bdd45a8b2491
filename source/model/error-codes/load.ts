import type {ErrorMeaning} from './meaning.js';

export const loadErrors = {
	'load.unaccounted': {
		meaning: 'A load step lost count of a row, and stopped before it wrote the chunk.',
		cure: 'Report it with the execution folder; the chunks committed before are whole.',
	},
	'load.out_of_order': {
		meaning: 'Rows reached a load step in another order than that of their row numbers.',
		cure: 'Report it with the execution folder; the chunks committed before are whole.',
	},
	'load.segment_not_written': {
		meaning: 'The results of a chunk could not be written to the execution folder, so the chunk was not committed.',
		cure: 'Free some space on the disk or restore access to the folder; the execution then resumes at this chunk.',
	},
	'load.stop_after': {
		meaning: 'More rows errored than `settings.stop_after` allows; the run stopped at its chunk.',
		cure: 'Look at the reasons in the report, mend the input or the connector, and run it again.',
	},
} as const satisfies Record<string, ErrorMeaning>;
