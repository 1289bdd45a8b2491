import type {Configuration} from '../configuration/configuration.js';
import {fillAddress} from '../secrets/fill.js';
import type {Vault} from '../secrets/vault.js';
import type {MailServer} from './mail.js';

/** The workspace's mail server, its secrets filled in; null: there is none, mails are written as files. */
export function mailServerOf({workspace}: Configuration, vault: Vault): MailServer | null {
	const {smtp} = workspace.settings;
	return smtp ? {url: fillAddress(smtp.url, vault), from: smtp.from} : null;
}
