/** The file name of a `Content-Disposition` (RFC 6266): `filename*` before `filename`, without any folder; null where there is none. */
export function dispositionName(header: string | undefined): string | null {
	if (header === undefined) return null;
	const [, charset = '', encoded] = /;\s*filename\*\s*=\s*([\w-]+)'[^']*'([^\s;]+)/i.exec(header) ?? [];
	const extended = encoded === undefined ? null : decodedName(encoded, charset);
	const [, quoted, plain] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))/i.exec(header) ?? [];
	const name = extended ?? quoted?.replaceAll(/\\(.)/g, '$1') ?? plain;
	const last =
		name
			?.split(/[/\\]/)
			.at(-1)
			?.replaceAll(/\p{Cc}/gu, '_')
			.trim() ?? '';
	return last === '' || /^\.+$/.test(last) ? null : last.slice(-200);
}

function decodedName(encoded: string, charset: string): string | null {
	try {
		if (/^utf-8$/i.test(charset)) return decodeURIComponent(encoded);
		return /^iso-8859-1$/i.test(charset) ? latin1Of(encoded) : null;
	} catch {
		// Not percent-encoded as it should be: the plain name is used.
		return null;
	}
}

function latin1Of(encoded: string): string {
	return encoded.replaceAll(/%([0-9a-f]{2})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
