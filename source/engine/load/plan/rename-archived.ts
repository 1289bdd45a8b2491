import type {CompiledStep} from './compile-step.js';
import {textOf} from './map.js';
import type {Working, WorkingRecords} from './working-records.js';

/** What is appended to the identifier of a record that makes way: ` (archived 2026-11-20T14:22:05Z)` (SPEC 8.1). */
export function asideMark(at: Date): string {
	return ` (archived ${at.toISOString().slice(0, 19)}Z)`;
}

/** The identifier that a record gets when it makes way: with the mark behind it, then with ` 2` and so on until nobody has it. */
export function archivedName(record: Working, mark: string, records: WorkingRecords, {identifier}: CompiledStep): string {
	const base = `${textOf(record.values[identifier] ?? null) ?? ''}${mark}`;
	let name = base;
	for (let number = 2; records.holders(identifier, name, name).length > 0; number++) name = `${base} ${number}`;
	return name;
}
