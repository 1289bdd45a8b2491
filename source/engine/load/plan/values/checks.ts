import {toE164} from '../../../variables/phone.js';

const wide = String.raw`\p{L}\p{N}\p{M}`;
const atom = `[${wide}!#$%&'*+/=?^_\`{|}~-]+`;
const label = `[${wide}](?:[${wide}-]*[${wide}])?`;
/** The addresses that the email variable takes too; the one reads them in SQL, this one what a string variable brings to an email field. */
const email = new RegExp(`^${atom}(?:\\.${atom})*@${label}(?:\\.${label})+$`, 'u');
/** The greatest lengths of a local part, a label and an address (RFC 5321). */
const longest = {local: 64, label: 63, address: 254} as const;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const schemed = /^[a-z][a-z0-9+.-]*:\/\/[^\s/]/i;
const domain = /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+([:/?#]|$)/u;

/** An address in lower case, or null for what is none (SPEC 3). */
export function emailOf(text: string): string | null {
	// Why first: the pattern takes long on long texts.
	if (text.length > 2 * longest.address) return null;
	const lower = text.toLowerCase();
	if (!email.test(lower)) return null;
	if (lower.length <= longest.label) return lower;
	const [local = '', host = ''] = lower.split('@');
	const fits = [...lower].length <= longest.address && [...local].length <= longest.local;
	return fits && host.split('.').every((part) => [...part].length <= longest.label) ? lower : null;
}

/** A UUID in lower case, or null for what is none. */
export function uuidOf(text: string): string | null {
	const lower = text.toLowerCase();
	return uuid.test(lower) ? lower : null;
}

/** Whether the text is a web address, with a scheme or beginning with a domain. It is kept as given (SPEC 3). */
export function isUrl(text: string): boolean {
	if (/\s/.test(text)) return false;
	return schemed.test(text) ? URL.canParse(text) : domain.test(text) && URL.canParse(`http://${text}`);
}

/** `toE164` that remembers what it has read: parsing one number takes some ten microseconds. */
export function phoneReader(defaultCountry: string | null): (text: string) => string | null {
	const known = new Map<string, string | null>();
	return (text) => {
		const before = known.get(text);
		if (before !== undefined) return before;
		const number = toE164(text, defaultCountry);
		if (known.size >= 100_000) known.clear();
		known.set(text, number);
		return number;
	};
}
