/**
 * The scheme of a text that is an address, such as `s3` of `s3://bucket/x.csv`; null for a path. One letter is the drive of a Windows path.
 */
export function schemeOf(text: string): string | null {
	return /^([A-Za-z][A-Za-z0-9+.-]+):\//.exec(text.trim())?.[1] ?? null;
}

/** Such as `backup@host:in/x.csv`, as scp and rsync write it. */
const userAtHost = /^[^/:@\s]+@[^/:@\s]+:/;
/** Addresses that people also write without a slash after the colon. */
const bareScheme = /^(s3|s3a|s3n|gs|gcs|az|azure|abfss?|wasbs?|sftp|ftps?|scp|rsync|ssh|smb|https?|file|mailto|webdavs?|hdfs):/i;

/** What a text is that would become a local file of an odd name where a path is wanted: `an address of s3`. Null for a path. */
export function notAPath(text: string): string | null {
	const trimmed = text.trim();
	const scheme = schemeOf(trimmed) ?? bareScheme.exec(trimmed)?.[1] ?? null;
	if (scheme !== null) return `an address of ${scheme}`;
	// A name that is filled in may be a scheme; days and counts are none.
	const filled = trimmed.replaceAll(/\{(object|connector)\}/g, 's3').replaceAll(/\{[^{}]*\}/g, '1');
	if (filled !== trimmed && notAPath(filled) !== null) return 'an address once its placeholders are filled in';
	if (userAtHost.test(trimmed)) return 'an address of another machine';
	if (/^\\\\/.test(trimmed)) return 'an address of a Windows share';
	return process.platform !== 'win32' && /^[A-Za-z]:[\\/]/.test(trimmed) ? 'a path of Windows' : null;
}
