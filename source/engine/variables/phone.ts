import {createRequire} from 'node:module';
import type {CountryCode} from 'libphonenumber-js';

type Phones = typeof import('libphonenumber-js');

let loaded: Phones | undefined;

/** why only when one is asked for: the plans of all countries take 80 ms of every run's start */
function phones(): Phones {
	loaded ??= createRequire(import.meta.url)('libphonenumber-js') as Phones;
	return loaded;
}

/**
 * A telephone number in E.164, by the numbering plans of libphonenumber; null when it is none. An extension is dropped.
 *
 * @param defaultCountry the ISO 3166 code for numbers without a country code; without one such numbers are none
 */
export function toE164(text: string, defaultCountry: string | null): string | null {
	// why: its parser looks for a number inside any prose; what a column holds should be a number and little else
	if (text.length > 64 || !/\d/.test(text)) return null;
	const {isSupportedCountry, parsePhoneNumberFromString} = phones();
	const country = defaultCountry?.toUpperCase() ?? '';
	const options = {extract: false, ...(isSupportedCountry(country) ? {defaultCountry: country as CountryCode} : {})};
	const phone = parsePhoneNumberFromString(text, options);
	return phone?.isValid() === true ? phone.number : null;
}
