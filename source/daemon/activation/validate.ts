import type {Problem} from '../../model/problem.js';
import {secretProblems, secretUsesOf} from '../secrets/secret-problems.js';
import {unsetSecrets} from '../secrets/unset-secrets.js';
import type {Services} from '../services.js';
import {addedOptions} from './added-options.js';

/** `POST /validate`: the files as they stand now, and the SQL of every connector that can be read, on its sample (SPEC 5.6). */
export async function validate(services: Services, name: string | null): Promise<readonly Problem[]> {
	const {configuration, validator, webhooks, vault, paths} = services;
	await configuration.refresh();
	const {connectors, problems, secretUses} = configuration.workspace;
	const asked = name === null ? connectors : [configuration.entry(name)];
	const store = services.storeProblems();
	const found: Problem[] = [...problems, ...store, ...unsetSecrets(secretUses, vault)];
	found.push(...secretProblems(vault, paths, secretUsesOf(configuration.workspace)));
	if (name === null && store.length === 0) found.push(...addedOptions(configuration.workspace));
	for (const {apiName, connector, problems: own, missing, secretUses: uses, hints} of asked) {
		found.push(...own, ...hints, ...unsetSecrets(uses, vault), ...webhooks.problems(apiName));
		if (connector && own.length === 0 && missing.length === 0 && store.length === 0) found.push(...(await validator.validate(connector)));
	}
	return found;
}
