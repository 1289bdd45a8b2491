import * as z from 'zod';
import {mailAddressPattern, mailAddressShape} from '../../model/mail-address.js';

/** `api_name` (SPEC 2): the folder's or file's name, never changed afterwards. */
export const apiNamePattern = /^[a-z][a-z0-9_]{0,62}$/;
export const apiNameShape = 'a lower-case letter, then up to 62 lower-case letters, digits or underscores';

export const apiName = () => z.string().regex(apiNamePattern, {error: `an api_name: ${apiNameShape}`});

/** A name for people. */
export const title = () => z.string().trim().min(1);

export const filled = () => z.string().trim().min(1);

/** Any scalar; its text is taken as it was typed, so that `0012` stays `0012`. */
export const anyText = () => z.union([z.string(), z.number(), z.boolean()]);

/** why: spelt out, because editors read the published pattern without the flag that `\p{L}` needs. */
const variableNamePattern = /^[A-Za-z_\u00A1-\uFFFF][A-Za-z0-9_ .\-\u00A1-\uFFFF]{0,62}$/;

/** The name of a variable: a column of the tables people read. What begins with `__` is kept for Sluice's own columns. */
export const variableName = () =>
	z.string().regex(variableNamePattern, {
		error: 'a name for a variable: a letter or underscore, then letters, digits, spaces, or one of _ . -, 63 characters at most',
	});

/** The name of a secret, as `sluice secret set NAME` takes it. */
export const secretName = () =>
	z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/, {error: 'a name for a secret: a letter, then letters, digits or underscores'});

export const mailAddress = () => z.string().regex(mailAddressPattern, {error: mailAddressShape});

/** An address to send to: HTTP or HTTPS. A secret may stand in it. */
export const webAddress = () =>
	z
		.string()
		.regex(/^https?:\/\/[^\s/?#]+\S*$/, {error: 'a web address'})
		.meta({examples: ['https://example.com/hook']});

/** Headers of a request, whose names `checkRequestHeaders` looks at. */
export const requestHeaders = () => z.record(z.string(), z.string());

/** A number of bytes: decimal as `500MB`, binary as `64MiB`. */
export const size = () =>
	z
		.union([z.int().min(1), z.string().regex(/^\d+(\.\d+)?\s*([kKmMgGtT][iI]?)?[bB]$/, {error: 'a size'})])
		.meta({examples: ['500MB', '10GB', '64MiB']});

export const timezone = () =>
	z
		.string()
		.trim()
		.min(1)
		.meta({examples: ['Europe/Paris', 'UTC']});
