const nicknames: Readonly<Record<string, string>> = {
	'@yearly': '0 0 1 1 *',
	'@annually': '0 0 1 1 *',
	'@monthly': '0 0 1 * *',
	'@weekly': '0 0 * * 0',
	'@daily': '0 0 * * *',
	'@midnight': '0 0 * * *',
	'@hourly': '0 * * * *',
};

/** The nicknames of cron expressions that crontab(5) has for times. */
export const cronNicknames: readonly string[] = Object.keys(nicknames);

/** A cron expression in fields: what a nickname such as `@midnight` means, any other as it is. */
export function cronFields(cron: string): string {
	return nicknames[cron.trim().toLowerCase()] ?? cron.trim();
}
