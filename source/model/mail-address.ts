/** One address and nothing else: what a mail server is handed as a receiver. No list, no name before it, no control character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: spelt out, because editors read the published pattern without the flag that \p{Cc} needs
export const mailAddressPattern = /^[^\s@<>,;:"\\()[\]\u0000-\u001F\u007F-\u009F]+@[^\s@<>,;:"\\()[\]\u0000-\u001F\u007F-\u009F]+$/;

export const mailAddressShape = 'a mail address';
