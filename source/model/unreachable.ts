/** Closes a `switch` over a union: a new member then fails to compile wherever it must be thought about. */
export function unreachable(value: never): never {
	throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
