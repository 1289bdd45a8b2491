import {expect, test} from 'vitest';
import {type Candidates, decide, outcomeOf} from '../../source/engine/load/plan/match.js';
import {match} from './build.js';

const found = (active: string[], archived: string[] = []): Candidates => ({active, archived});

test('one active record is a single match, whatever is archived beside it', () => {
	expect(outcomeOf(found(['a'], ['x', 'y']))).toBe('single_match');
});

test('several archived records and no active one are as ambiguous as several active', () => {
	expect(outcomeOf(found([], ['x', 'y']))).toBe('multiple_match');
	expect(outcomeOf(found(['a', 'b']))).toBe('multiple_match');
});

test('one archived record alone is an archived match, none at all is no match', () => {
	expect(outcomeOf(found([], ['x']))).toBe('archived_match');
	expect(outcomeOf(found([]))).toBe('no_match');
});

test('a constrained rule looks only among what the rule before it found', () => {
	const rules = [match('city', 'city', {multipleMatch: 'next_rule_constrained'}), match('code')];
	const answers = [found(['a', 'b']), found(['b', 'c'])];
	expect(decide(rules, (rule) => answers[rule] ?? found([]))).toEqual({decision: {do: 'update', record: 'b', unarchive: false}, rule: 2});
});

test('constraints add up over several rules', () => {
	const on = {multipleMatch: 'next_rule_constrained'} as const;
	const rules = [match('city', 'city', on), match('team', 'team', on), match('code')];
	const answers = [found(['a', 'b', 'c']), found(['b', 'c', 'd']), found(['a', 'c', 'd'])];
	expect(decide(rules, (rule) => answers[rule] ?? found([])).decision).toEqual({do: 'update', record: 'c', unarchive: false});
});

test('a rule that ignores matches starts afresh', () => {
	const rules = [
		match('city', 'city', {multipleMatch: 'next_rule_constrained'}),
		match('team', 'team', {noMatch: 'next_rule_ignore_matches'}),
		match('code'),
	];
	const answers = [found(['a', 'b']), found(['z']), found(['z'])];
	expect(decide(rules, (rule) => answers[rule] ?? found([]))).toMatchObject({decision: {record: 'z'}, rule: 3});
});

test('an archived match can be narrowed to, and then brought back', () => {
	const rules = [match('city', 'city', {archivedMatch: 'next_rule_constrained'}), match('code', 'code', {archivedMatch: 'unarchive_only'})];
	const answers = [found([], ['x']), found([], ['x', 'y'])];
	expect(decide(rules, (rule) => answers[rule] ?? found([]))).toEqual({decision: {do: 'unarchive', record: 'x'}, rule: 2});
});

test('creating over an archived match says which record makes way', () => {
	const rules = [match('code', 'code', {archivedMatch: 'create_new'})];
	expect(decide(rules, () => found([], ['x']))).toEqual({decision: {do: 'create', pushAside: 'x'}, rule: 1});
});

test('a single match that is not uploaded still ends on its record', () => {
	const rules = [match('code', 'code', {singleMatch: 'do_not_upload'})];
	expect(decide(rules, () => found(['a'])).decision).toMatchObject({do: 'skip', because: 'single_match', record: 'a'});
});
