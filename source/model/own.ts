/**
 * The member of a record under a name that comes from outside: of a user, a file, a request. A plain look-up would find `constructor`,
 * `toString` and the other members that every object inherits.
 */
export function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
	return Object.hasOwn(record, name) ? record[name] : undefined;
}
