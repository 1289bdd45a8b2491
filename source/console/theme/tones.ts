/** What a colour means. Screens speak of tones, never of colours. */
export const tones = [
	'normal',
	'muted',
	'strong',
	'good',
	'warning',
	'bad',
	'busy',
	'waiting',
	'accent',
	'key',
	'title',
	'bar',
	'selected',
	'marked',
	'border',
	'stale',
] as const;

export type Tone = (typeof tones)[number];
