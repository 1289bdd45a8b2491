/** A JSON number without its exponent, digit by digit through whole numbers; null where it has more than 400 digits. */
export function plainOf(token: string): string | null {
	const lower = token.toLowerCase();
	if (!lower.includes('e')) return token;
	const sign = lower.startsWith('-') ? '-' : '';
	const [mantissa = '', power = '0'] = lower.slice(sign.length).split('e');
	const [whole = '', rest = ''] = mantissa.split('.');
	const scale = rest.length - Number(power);
	const value = BigInt(whole + rest);
	if (value === 0n && scale >= 400) return `${sign}0`;
	if (scale <= 0) {
		if (value === 0n) return `${sign}0`;
		const text = (value * 10n ** BigInt(-scale)).toString();
		return text.length > 400 ? null : `${sign}${text}`;
	}
	const text = value.toString().padStart(scale + 1, '0');
	return text.length > 400 ? null : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}
