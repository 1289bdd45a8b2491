import type {Automation, AutomationAction} from '../model/automation.js';
import {ObjectMentions, type ReferenceIndex} from './references.js';
import {checkRequestHeaders} from './request-headers.js';
import {type AutomationInput, automationSchema} from './schema/automation-schema.js';
import {checkSecretReferences} from './secret-references.js';
import {type Report, reportOn} from './shape/report.js';
import {shape} from './shape/shape.js';
import type {Problems} from './yaml/problems.js';

/** Reads an automation (SPEC 8.4). Null where it has problems, which are told. */
export function readAutomation(apiName: string, problems: Problems, world: ReferenceIndex): Automation | null {
	const shaped = shape(automationSchema, problems);
	if (shaped === null) return null;
	const {value} = shaped;
	const report = reportOn(problems, shaped);
	checkTarget(value, new ObjectMentions(world, report), report);
	const action = buildAction(value.action, report);
	if (problems.all.length > 0) return null;
	const {name, trigger, object, field} = value;
	return {apiName, name: name ?? apiName, trigger, object: object ?? null, field: field ?? null, action};
}

function checkTarget({trigger, object, field}: AutomationInput, mentions: ObjectMentions, report: Report): void {
	if (object === undefined && trigger !== 'manual') {
		report.lack([], ['object'], {
			code: 'workspace.missing_key',
			message: '"object" is missing: whose records fire it?',
			expected: `object: ${[...mentions.world.objects.keys()].join(', ')}`,
		});
	}
	const entry = object === undefined ? undefined : mentions.find(object, ['object']);
	if (trigger === 'field_updated' && field === undefined) {
		report.lack([], ['field'], {
			code: 'workspace.missing_key',
			message: '"field" is missing: whose change fires it?',
			expected: 'field: a field of the object',
		});
	}
	if (field === undefined) return;
	if (trigger !== 'field_updated') {
		report.atKey(['field'], {
			code: 'workspace.contradiction',
			message: `"field" says nothing for the trigger ${trigger}`,
			expected: 'trigger: field_updated',
		});
	} else if (entry && !entry.fieldNames.includes(field)) report.unknown(['field'], `field of ${entry.apiName}`, field, entry.fieldNames);
}

function buildAction(action: AutomationInput['action'], report: Report): AutomationAction {
	if (action === 'log') return {log: {message: null}};
	const {http, log} = action;
	if ((http === undefined) === (log === undefined)) {
		report.lack(['action'], ['http', 'log'], {
			code: http === undefined ? 'workspace.missing_key' : 'workspace.contradiction',
			message: http === undefined ? 'This action does nothing' : 'An automation has one action',
			expected: 'log, or http: {url: https://...}',
		});
	}
	if (!http) return {log: {message: log?.message ?? null}};
	checkSecretReferences(http.url, ['action', 'http', 'url'], report);
	checkRequestHeaders(http.headers, ['action', 'http', 'headers'], report);
	return {http: {url: http.url, secret: http.secret ?? null, headers: http.headers}};
}
