export const automationTriggers = ['manual', 'record_created', 'record_updated', 'field_updated'] as const;

export type AutomationTrigger = (typeof automationTriggers)[number];

export type AutomationAction =
	/** A POST of the record. `secret` names the secret it is signed with; header values may hold `${secret:name}`. */
	| {readonly http: {readonly url: string; readonly secret: string | null; readonly headers: Readonly<Record<string, string>>}}
	| {readonly log: {readonly message: string | null}};

/** Something that is done when a record is created or updated (SPEC 8.4). */
export type Automation = {
	readonly apiName: string;
	readonly name: string;
	readonly trigger: AutomationTrigger;
	/** Null only for a manual one that takes any object. */
	readonly object: string | null;
	/** For `field_updated`. */
	readonly field: string | null;
	readonly action: AutomationAction;
};

/** What an automation waits for, without what it does. */
export type Listening = Pick<Automation, 'apiName' | 'trigger' | 'object' | 'field'>;
