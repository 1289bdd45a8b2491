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
	'load.results_damaged': {
		meaning:
			'Files with the results of committed chunks, in the folder `segments` of the execution, were removed or changed while it ran. The records are written; what became of those rows is not known any more.',
		cure: 'Leave the folder of a running execution alone. Run the input again: rows whose records stand end as skipped, with no change.',
	},
	'load.stop_after': {
		meaning: 'More rows errored than `settings.stop_after` allows; the run stopped at its chunk.',
		cure: 'Look at the reasons in the report, mend the input or the connector, and run it again.',
	},
} as const satisfies Record<string, ErrorMeaning>;
