import type * as z from 'zod';
import {automationSchema} from './automation-schema.js';
import {connectorSchema} from './connector-schema.js';
import {objectSchema} from './object-schema.js';
import {sluiceSchema} from './sluice-schema.js';

/** The kinds of configuration files, each with its schema and the words that introduce it. */
export const fileKinds = {
	sluice: {path: 'sluice.yaml', title: 'The workspace', about: 'Everything in it is optional: an empty file works.', schema: sluiceSchema},
	object: {path: 'objects/<api_name>.yaml', title: 'An object', about: 'What records of one kind hold.', schema: objectSchema},
	connector: {
		path: 'connectors/<api_name>/connector.yaml',
		title: 'A connector',
		about: 'What is read, how it becomes typed values, and which records they are written to.',
		schema: connectorSchema,
	},
	automation: {
		path: 'automations/<api_name>.yaml',
		title: 'An automation',
		about: 'What is done when a record is created or updated.',
		schema: automationSchema,
	},
} as const satisfies Record<string, {path: string; title: string; about: string; schema: z.ZodObject}>;

export type FileKind = keyof typeof fileKinds;
