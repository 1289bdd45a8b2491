/** What may stand in the path of an export, in braces (SPEC 11). Days and times are those of the execution's start, in the workspace's zone. */
export const exportPlaceholders = ['date', 'time', 'year', 'month', 'day', 'hour', 'execution', 'connector', 'object'] as const;

type Placeholder = (typeof exportPlaceholders)[number];

const braces = /\{([^{}]*)\}/g;

/** Every word in braces that is no placeholder. */
export function unknownPlaceholders(template: string): readonly string[] {
	const known: readonly string[] = exportPlaceholders;
	return [...template.matchAll(braces)].flatMap(([, word = '']) => (known.includes(word) ? [] : [word]));
}

/**
 * The path that a template stands for.
 *
 * @param facts `startedAt` as ISO 8601; a resumed execution keeps its first start, and so its path
 */
export function fillExportPath(
	template: string,
	facts: {
		readonly startedAt: string;
		readonly timezone: string;
		readonly execution: string;
		readonly connector: string;
		readonly object: string | null;
	},
): string {
	const at = wallTime(new Date(facts.startedAt), facts.timezone);
	const values: Readonly<Record<Placeholder, string>> = {
		date: `${at.year}-${at.month}-${at.day}`,
		time: `${at.hour}-${at.minute}-${at.second}`,
		year: at.year,
		month: at.month,
		day: at.day,
		hour: at.hour,
		execution: facts.execution,
		connector: facts.connector,
		object: facts.object ?? 'sql',
	};
	return template.replaceAll(braces, (whole, word: string) => values[word as Placeholder] ?? whole);
}

type WallTime = Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string>>;

function wallTime(at: Date, timeZone: string): WallTime {
	const format = new Intl.DateTimeFormat('en-GB', {
		timeZone,
		hourCycle: 'h23',
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
	});
	const parts = Object.fromEntries(format.formatToParts(at).map(({type, value}) => [type, value]));
	const part = (name: string) => parts[name] ?? '';
	return {
		year: part('year'),
		month: part('month'),
		day: part('day'),
		hour: part('hour'),
		minute: part('minute'),
		second: part('second'),
	};
}
