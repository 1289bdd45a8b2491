/** Gives each output table a file name that every system can unpack, unlike every earlier one without regard to case. */
export function entryNamer(): (table: string) => string {
	const taken = new Set<string>();
	return (table) => {
		const clean =
			table
				.replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, '_')
				.replaceAll(/^[. ]+|[. ]+$/g, '_')
				.slice(0, 120) || '_';
		const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(clean);
		const base = reserved ? `_${clean}` : clean;
		for (let attempt = 1; ; attempt++) {
			const name = attempt === 1 ? `${base}.csv` : `${base} (${attempt}).csv`;
			if (taken.has(name.toLowerCase())) continue;
			taken.add(name.toLowerCase());
			return name;
		}
	};
}
