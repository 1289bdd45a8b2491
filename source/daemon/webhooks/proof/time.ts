/** Milliseconds of a time in seconds, milliseconds or ISO 8601, in UTC where it says no offset; null for any other text. */
export function timeMs(text: string): number | null {
	if (/^\d{1,11}$/.test(text)) return Number(text) * 1000;
	if (/^\d{12,14}$/.test(text)) return Number(text);
	const [, day, clock = '', offset = 'Z'] =
		/^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?$/i.exec(text) ?? [];
	if (day === undefined) return null;
	const at = Date.parse(`${day}T${clock}${offset.toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
	return Number.isNaN(at) ? null : at;
}
