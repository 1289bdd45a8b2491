import {Box} from 'ink';
import type {ReactElement} from 'react';
import {TitledBox} from '../../components/box.js';
import {Line} from '../../components/line.js';
import {edit} from '../../components/text-edit.js';
import {TextField} from '../../components/text-field.js';
import {count} from '../../text/age.js';
import {wrap} from '../../text/fit.js';
import {type DrawProps, defineScreen} from '../screen.js';
import {ErrorBox, noticeOf, PlainLines} from '../shared/notice.js';
import {type Command, type Field, fieldsShown, isText, lacksOf, type State, start, update, whatHappens} from './model.js';

const labels: Readonly<Record<Field, string>> = {
	input: 'Input file   ',
	mode: 'Mode         ',
	diff: 'Diff check   ',
	incomplete: 'Incomplete   ',
	notify: 'Notify       ',
};

function Draw({state, around}: DrawProps<State>): ReactElement {
	const {width, height} = around;
	const notice = noticeOf(state.detail, 'connector', width);
	if (notice !== null) return notice;
	const lacks = lacksOf(state);
	const aside = [
		...whatHappens(state).flatMap((line) => wrap(line, width - 4)),
		...(lacks.length === 0 ? [] : ['', 'What is incomplete:', ...lacks.flatMap((lack) => wrap(`  ${lack}`, width - 4))]),
	];
	const shown = fieldsShown(state);
	const found = foundLines(state.found, Math.max(2, height - shown.length - aside.length - 3));
	return (
		<Box flexDirection="column">
			{shown.map((field) => (
				<FieldLine key={field} field={field} state={state} width={width} />
			))}
			<PlainLines
				lines={found.map((text) => [{text: `               ${text}`, tone: 'muted' as const}])}
				width={width}
				height={found.length}
			/>
			<Line width={width} spans={['']} />
			{state.refusal === null ? (
				<TitledBox
					title={state.sent ? 'The daemon has it …' : 'Enter will do this'}
					lines={aside}
					width={width}
					height={Math.min(aside.length + 2, height - shown.length - found.length - 1)}
				/>
			) : (
				<ErrorBox title="Not started" error={state.refusal} width={width} />
			)}
		</Box>
	);
}

/** As many of the paths as there is room for; the last line says how many more there are. */
function foundLines(found: readonly string[], room: number): readonly string[] {
	if (found.length <= room) return found;
	const left = found.length - room + 1;
	return [...found.slice(0, room - 1), `… and ${count(left)} more: type on, then Ctrl-N`];
}

function FieldLine({field, state, width}: {readonly field: Field; readonly state: State; readonly width: number}): ReactElement {
	const focused = state.field === field;
	const mark = focused ? '▌ ' : '  ';
	if (isText(field)) {
		const placeholder =
			field === 'input' ? 'a path; Ctrl-N completes it, or shows recent files' : 'a mail address, if somebody else is to be told';
		return (
			<TextField
				edit={field === 'input' ? state.input : state.notify}
				label={`${mark}${labels[field]}`}
				width={width}
				focused={focused}
				placeholder={placeholder}
			/>
		);
	}
	const choice = (label: string, chosen: boolean) => ({
		text: `${chosen ? '(•)' : '( )'} ${label}   `,
		tone: chosen ? ('strong' as const) : ('muted' as const),
	});
	const choices = {
		mode: [choice('dry: nothing is written', state.mode === 'dry'), choice('LIVE', state.mode === 'live')],
		diff: [choice('on', state.diffCheck), choice('off: every row is loaded', !state.diffCheck)],
		incomplete: [choice('do not run', !state.acceptIncomplete), choice('run it dry all the same', state.acceptIncomplete)],
	}[field];
	return <Line width={width} spans={[{text: mark, tone: 'key'}, {text: labels[field]}, ...choices]} />;
}

export const run = defineScreen<'run', State, Command>({
	name: 'run',
	scopes: ['form'],
	title: ({connector, mode}) => `${mode === 'live' ? 'Run' : 'Dry run'} ${connector}`,
	start,
	update,
	typing: ({field}) => isText(field),
	onText: ({field}, text) => (isText(field) ? {type: 'typed', text} : null),
	onEdit: ({field, input, notify}, key) =>
		isText(field) && edit(field === 'input' ? input : notify, key) !== null ? {type: 'edited', key} : null,
	onKey(_state, key) {
		switch (key) {
			case 'nextField':
				return {type: 'field', by: 1};
			case 'previousField':
				return {type: 'field', by: -1};
			case 'left':
			case 'right':
				return {type: 'choose'};
			case 'complete':
			case 'submit':
				return {type: key};
			default:
				return null;
		}
	},
	commandLine: ({connector, input, kept, mode, diffCheck, acceptIncomplete, notify}) =>
		[
			`sluice run ${connector}`,
			kept && `--input-of ${kept.execution}`,
			kept === null && input.text.trim() && `--input '${input.text.trim().replaceAll("'", "'\\''")}'`,
			mode === 'dry' && '--dry-run',
			!diffCheck && '--no-diff-check',
			acceptIncomplete && '--accept-incomplete',
			notify.text.trim() && `--notify ${notify.text.trim()}`,
		]
			.filter(Boolean)
			.join(' '),
	Draw,
});
