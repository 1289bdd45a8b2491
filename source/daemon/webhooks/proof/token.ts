import type {RequestPlace} from '../../../model/webhook-intake.js';
import {bearerToken, isSecret} from '../../secrets/bearer.js';
import {setText} from '../../secrets/set-text.js';
import {type Claim, closed, type ProveBody, type Proven, Unproven} from './claim.js';
import {BodyValues, headValue} from './place.js';

const refusal = 'The token is missing or wrong';

export function withBearer(names: readonly string[], claim: Claim): ProveBody<Proven> {
	const given = bearerToken(claim.header('authorization'));
	const name = matching(given, names, claim);
	if (name === null) throw new Unproven(refusal, given === null ? 'There is no Authorization: Bearer' : 'The bearer token is another one');
	return async () => ({name, signedId: null});
}

/** A token as the whole value of a header, a query parameter or a member of the body; in each item, where the body has several. */
export function withToken(at: RequestPlace, names: readonly string[], claim: Claim): ProveBody<Proven> {
	if ('body' in at) {
		secretsOf(names, claim);
		return async (body) => {
			const given = new BodyValues(body, claim.header('content-type')).at(at.body);
			const found = given.map((text) => matching(text, names, claim));
			const [name] = found;
			if (name === undefined || name === null || found.includes(null)) {
				throw new Unproven(refusal, `${at.body} in the body is missing or another one`);
			}
			return {name, signedId: null};
		};
	}
	const given = headValue(at, claim);
	const name = matching(given, names, claim);
	const where = 'header' in at ? `header ${at.header}` : `query parameter ${at.query}`;
	if (name === null) throw new Unproven(refusal, given === null ? `There is no ${where}` : `The token in ${where} is another one`);
	return async () => ({name, signedId: null});
}

/** HTTP Basic (RFC 7617). The user is whom the requests are written as sent by. */
export function withBasic(user: string, names: readonly string[], claim: Claim): ProveBody<Proven> {
	const [, encoded = ''] = /^Basic +([A-Za-z0-9+/=_-]+)\s*$/i.exec(claim.header('authorization') ?? '') ?? [];
	const text = Buffer.from(encoded, 'base64').toString('utf8');
	const colon = text.indexOf(':');
	const password = matching(colon < 0 ? null : text.slice(colon + 1), names, claim);
	const isUser = isSecret(colon < 0 ? null : text.slice(0, colon), user);
	if (password === null || !isUser) {
		const reason = encoded === '' ? 'There is no Authorization: Basic' : isUser ? 'The password is another one' : 'The user is another one';
		throw new Unproven('The user or the password is missing or wrong', reason);
	}
	return async () => ({name: user, signedId: null});
}

/** The name of the secret that is given; all are compared, so that the time does not tell which. */
function matching(given: string | null, names: readonly string[], claim: Claim): string | null {
	return secretsOf(names, claim).filter(({text}) => isSecret(given, text))[0]?.name ?? null;
}

function secretsOf(names: readonly string[], {secret}: Claim): readonly {readonly name: string; readonly text: string}[] {
	const secrets = names.flatMap((name) => {
		const text = setText(secret(name));
		return text === null ? [] : [{name, text}];
	});
	if (secrets.length === 0) throw closed();
	return secrets;
}
