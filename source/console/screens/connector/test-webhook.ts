import type {WebhookTested} from '../../../api/contract.js';
import {ask, type Effect} from '../effect.js';
import type {ScreenContext} from '../screen.js';
import {confirmedName, typedName} from '../shared/production.js';

export type TestWebhookCommand =
	| {readonly type: 'askTest'}
	| {readonly type: 'sendTest'}
	| {readonly type: 'tested'; readonly tested: WebhookTested};

/** A signed sample request to the running listener, as a caller would send it: it becomes a live run, so it is asked first (SPEC 13). */
export function testingWebhook(
	connector: string,
	command: TestWebhookCommand,
	around: ScreenContext,
): readonly Effect<TestWebhookCommand>[] {
	switch (command.type) {
		case 'askTest':
			return [
				{
					confirm: {
						title: `Send a signed test request to ${connector}?`,
						lines: [
							'The first row of its sample goes to the running listener, as a caller would send it.',
							'It is a request like any other: when its window ends it becomes a live execution.',
						],
						safer: 'a dry run of the sample (d) writes nothing',
						...typedName(connector, around),
						action: 'send it',
						yes: {type: 'sendTest'},
					},
				},
			];
		case 'sendTest':
			return [
				{progress: 'Sending it to the listener …'},
				ask('testWebhook', [connector, {confirm: confirmedName(connector, around)}], {
					answered: (tested): TestWebhookCommand => ({type: 'tested', tested}),
				}),
			];
		case 'tested':
			return [{say: ''}, {show: {title: 'The listener took it', text: textOf(command.tested)}}];
	}
}

function textOf({url, id, body, window, connector}: WebhookTested): string {
	return [
		`answered 201 by ${url}`,
		`accepted as  ${id}`,
		`window       ${window.start} to ${window.end}: at its end it becomes an execution of ${connector}`,
		`sent         ${body}`,
	].join('\n');
}
