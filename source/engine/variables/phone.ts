import {type CountryCode, isSupportedCountry, parsePhoneNumberFromString} from 'libphonenumber-js';

/**
 * A telephone number in E.164, by the numbering plans of libphonenumber; null when it is none. An extension is dropped.
 *
 * @param defaultCountry the ISO 3166 code for numbers without a country code; without one such numbers are none
 */
export function toE164(text: string, defaultCountry: string | null): string | null {
	// why: its parser looks for a number inside any prose; what a column holds should be a number and little else
	if (text.length > 64 || !/\d/.test(text)) return null;
	const country = defaultCountry?.toUpperCase() ?? '';
	const options = {extract: false, ...(isSupportedCountry(country) ? {defaultCountry: country as CountryCode} : {})};
	const phone = parsePhoneNumberFromString(text, options);
	return phone?.isValid() === true ? phone.number : null;
}
