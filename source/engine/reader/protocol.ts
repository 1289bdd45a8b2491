import type {ErrorBody} from '../../model/errors.js';
import type {ReadOptions} from '../../model/read-options.js';
import type {InputNeeds} from '../intake/refusal.js';

/** A file by its absolute path and the name it came with. */
export type NamedFile = {readonly path: string; readonly name: string};

/** The columns of a page, by their cleaned names. */
export type PageColumns = {readonly name: string; readonly columns: readonly string[]};

/** What the daemon asks of a reader, and what it is told. Answers are small, whatever the file holds. */
export type ReaderQuestions = {
	/** Whether an input can be accepted (`checkSubmission`) and has the columns that are needed (`refusalOf`), and what there is to warn of. */
	check: {
		readonly ask: InputNeeds;
		readonly answer: readonly {
			readonly code: 'intake.column_places' | 'intake.unused_option';
			readonly message: string;
			readonly cure: string;
		}[];
	};
	/** The same of a sample that no SQL is run on, which is read to its end; pages go to `folder`. */
	sample: {
		readonly ask: InputNeeds & {readonly folder: string};
		readonly answer: {readonly warnings: Answer<'check'>; readonly rows: number};
	};
	/** The columns of every page; null where the header is too long to be compared. */
	columns: {
		readonly ask: NamedFile & {readonly maxInputBytes: number; readonly read: ReadOptions};
		readonly answer: readonly PageColumns[] | null;
	};
	/** A line of plain text, as far as it is shown; null where it takes more than a look to find it. */
	line: {readonly ask: {readonly path: string; readonly line: number}; readonly answer: string | null};
	/** The body of a webhook sample's first row; null where there is none. */
	body: {readonly ask: {readonly path: string; readonly largestBytes: number}; readonly answer: string | null};
};

export type QuestionKind = keyof ReaderQuestions;
export type Ask<Kind extends QuestionKind> = ReaderQuestions[Kind]['ask'];
export type Answer<Kind extends QuestionKind> = ReaderQuestions[Kind]['answer'];

/** One message to a reader, which answers each before it takes the next. */
export type ToReader = {[Kind in QuestionKind]: {readonly kind: Kind; readonly ask: Ask<Kind>}}[QuestionKind];

/** `systemCode`: what the operating system called it, such as `EIO`. */
export type FromReader = {readonly answer: Answer<QuestionKind>} | {readonly error: ErrorBody; readonly systemCode: string | null};
