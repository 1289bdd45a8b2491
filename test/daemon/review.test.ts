import {expect, test} from 'vitest';
import {judge, type Review} from '../../source/daemon/activation/review.js';

const queue = (more: Partial<Review>): Review => ({
	revision: 7,
	ids: ['aa1', 'ab2'],
	shown: null,
	decision: undefined,
	given: undefined,
	...more,
});

test('an empty queue asks nothing', () => {
	expect(judge(queue({ids: []}))).toEqual({do: 'activate', cancel: []});
});

test('a queue asks for a decision', () => {
	expect(judge(queue({shown: 7}))).toEqual({do: 'ask', why: 'undecided'});
});

test('a decision about a list that was never shown does not count', () => {
	expect(judge(queue({decision: {keep: 'all'}}))).toEqual({do: 'ask', why: 'not_shown'});
});

test('a decision about a list that changed since does not count', () => {
	expect(judge(queue({decision: {keep: 'all'}, shown: 6}))).toEqual({do: 'ask', why: 'changed'});
	expect(judge(queue({decision: {keep: 'all'}, shown: 7, given: 6}))).toEqual({do: 'ask', why: 'changed'});
	expect(judge(queue({ids: [], given: 6}))).toEqual({do: 'ask', why: 'changed'});
});

test('a decision about the list last shown, or about the revision it names, counts', () => {
	expect(judge(queue({decision: {keep: 'all'}, shown: 7}))).toEqual({do: 'activate', cancel: []});
	expect(judge(queue({decision: {cancel: 'all'}, given: 7}))).toEqual({do: 'activate', cancel: ['aa1', 'ab2']});
});

test('executions are cancelled by a unique beginning of their id', () => {
	expect(judge(queue({decision: {cancel: ['ab']}, shown: 7}))).toEqual({do: 'activate', cancel: ['ab2']});
	expect(judge(queue({decision: {cancel: ['a', 'zz']}, shown: 7}))).toEqual({do: 'refuse', unknown: ['a', 'zz']});
});
