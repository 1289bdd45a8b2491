import * as z from 'zod';
import {automationTriggers} from '../../model/automation.js';
import {apiName, filled, requestHeaders, secretName, title, webAddress} from './text.js';

const httpAction = z.strictObject({
	url: webAddress().describe('Where the record is POSTed to.'),
	secret: secretName().optional().describe('The secret the request is signed with.'),
	headers: requestHeaders().default({}).describe('More headers; `${secret:name}` stands for a secret.'),
});

const logAction = z.strictObject({message: z.string().optional().describe('What is written besides the record.')});

export const automationSchema = z.strictObject({
	name: title().optional().describe('The name people read. Default: the api_name, which is the name of the file.'),
	trigger: z.enum(automationTriggers).describe('What fires it by itself; `manual` waits for a load step to name it.'),
	object: apiName().optional().describe('Whose records it is for. Only a manual one can do without.'),
	field: filled().optional().describe('For `field_updated`: the field whose change fires it.'),
	action: z
		.union([
			z.literal('log'),
			z.strictObject({
				http: httpAction.optional().describe('A POST of the record and its changes, signed where a secret is named.'),
				log: logAction.optional().describe("A line in the workspace's log."),
			}),
		])
		.describe('What is done: `log`, or `http` with its address.'),
});

export type AutomationInput = z.output<typeof automationSchema>;
