import type {WebhookAuth, WebhookIntake} from '../../model/webhook-intake.js';
import {endSeconds, type WebhookWindow} from '../../model/webhook-window.js';
import type {Kept} from './intake.js';

/** What a request is answered. */
export type HookAnswer = {readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string};

/** A request that was kept: as the connector says, else 201 with its id (SPEC 25). The same for one that came before. */
export function answerOfKept({id, window}: Kept, {answer}: WebhookIntake): HookAnswer {
	const more = {
		'X-Sluice-Request': id,
		...(window ? {'X-Sluice-Window': windowText(window)} : {'Idempotency-Replayed': 'true'}),
	};
	if (!answer) return {status: 201, headers: {'Content-Type': 'application/json', ...more}, body: JSON.stringify({id})};
	const {status, type, body} = answer;
	return {status, headers: {...(body !== '' && {'Content-Type': type}), 'X-Content-Type-Options': 'nosniff', ...more}, body};
}

/** The window a request was gathered in, as an ISO 8601 interval. */
function windowText(window: WebhookWindow): string {
	return [window.startSeconds, endSeconds(window)].map((seconds) => new Date(seconds * 1000).toISOString()).join('/');
}

/** What `WWW-Authenticate` asks for: the scheme of each way in which a caller may prove itself. */
export function challengeOf(auth: WebhookAuth | null): string {
	const schemes = (auth?.proofs ?? []).map(({kind}) => {
		switch (kind) {
			case 'bearer':
			case 'jwt':
				return 'Bearer';
			case 'basic':
				return 'Basic realm="webhooks", charset="UTF-8"';
			case 'token':
				return 'Token';
			default:
				return 'Signature';
		}
	});
	return [...new Set(schemes)].join(', ') || 'Bearer';
}
