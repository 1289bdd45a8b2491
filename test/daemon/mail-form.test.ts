import {expect, test} from 'vitest';
import {htmlOf, textOf} from '../../source/daemon/deliveries/mail-body.js';
import {notices} from '../../source/daemon/deliveries/notices.js';
import type {ConnectorSettings} from '../../source/model/connector.js';
import type {Execution} from '../../source/model/execution.js';

const settings = {
	notifyOn: 'all',
	notificationEmails: ['ops@example.com'],
	notifyStarter: true,
	executionEndedWebhook: null,
} as unknown as ConnectorSettings;

const execution = {
	id: '019aa',
	connector: 'people',
	operation: 'import',
	mode: 'live',
	status: 'warning',
	input_file: 'a<b>&"c".csv',
	counts: {created: 3, updated: 2, skipped: 1, errored: 4, warnings: 5},
	stages: [],
	artifacts: {report: null},
	started_by: 'ann',
	started_at: '2026-11-20T06:30:00.000Z',
	ended_at: '2026-11-20T06:31:00.000Z',
	error: null,
	warnings: [{stage: 'intake', line: 7, message: '<img src="https://evil.example/x.png"> is surplus'}],
} as unknown as Execution;

const context = {
	workspaceName: 'Acme',
	users: {},
	notify: null,
	reasons: ["load:1, row 2 errored: it's <script>alert(1)</script>"],
	timezone: 'Europe/Paris',
};

function mailOf(more: Partial<Execution> = {}) {
	const [notice] = notices({...execution, ...more}, {settings}, context);
	if (notice?.payload.kind !== 'mail') throw new Error('no mail');
	return notice.payload;
}

/** What a person reads of a page: its cells and paragraphs, without its tags. */
function wordsOf(html: string): readonly string[] {
	const text = html
		.replace(/<head>.*<\/head>/, '')
		.replaceAll(/<[^>]*>/g, ' ')
		.replaceAll('&lt;', '<')
		.replaceAll('&gt;', '>')
		.replaceAll('&quot;', '"')
		.replaceAll('&#39;', "'")
		.replaceAll('&amp;', '&');
	return plainWords(text);
}

function plainWords(text: string): readonly string[] {
	return text
		.toLowerCase()
		.split(/\s+/)
		.filter((word) => word !== '' && word !== '-');
}

test('the HTML of a mail says what its text says, with the counts as a table', () => {
	const {text, html = ''} = mailOf();
	// In the text the counts are one sentence: its commas and its full stop have no place in a table.
	const sentence = 'Created 3, updated 2, skipped 1, errored 4, rows with warnings 5.';
	expect(text).toContain(sentence);
	expect(wordsOf(html)).toEqual(plainWords(text.replace(sentence, sentence.replaceAll(/[,.]/g, ''))));
	expect(html.match(/<tr>/g)).toHaveLength(5);
	expect(html).toContain('Errored</th><td align="right">4</td>');
});

test('nothing of the data is markup, and nothing is fetched from anywhere', () => {
	const {html = ''} = mailOf({error: {code: 'source.failed', message: '<b>no</b>', where: '"x"', cure: null} as never});
	expect(html).toContain('&lt;img src=&quot;https://evil.example/x.png&quot;&gt;');
	expect(html).toContain('a&lt;b&gt;&amp;&quot;c&quot;.csv');
	const tags = new Set([...html.matchAll(/<\/?([a-z!]+)/g)].map(([, name]) => name));
	expect([...tags].sort()).toEqual(['!doctype', 'body', 'head', 'html', 'li', 'meta', 'p', 'table', 'td', 'th', 'tr', 'ul']);
	expect(html.replaceAll(/&lt;.*?&gt;/g, '')).not.toMatch(/\b(src|href|background|url\()\b/i);
});

test('mails of a connector share a thread, and no other mail is in it', () => {
	const threads = [mailOf(), mailOf({id: '019ab', status: 'failed'}), mailOf({connector: 'vendors'})].map(({thread}) => thread);
	expect(threads[0]).toBe(threads[1]);
	expect(threads[0]).not.toBe(threads[2]);
});

test('parts are apart from each other in both forms', () => {
	const parts = [{say: 'one\ntwo'}, {title: 'Rows:', items: ['a', 'b']}];
	expect(textOf(parts)).toBe('one\ntwo\n\nRows:\n- a\n- b\n');
	expect(htmlOf(parts)).toContain('<p dir="auto">one<br>two</p>\n<p>Rows:</p>\n<ul>\n<li dir="auto">a</li>\n<li dir="auto">b</li>\n</ul>');
});

test('a mail tells times on the clocks of the workspace, whose zone it names', () => {
	expect(mailOf().text).toContain('2026-11-20 07:30:00 Europe/Paris, ended at 2026-11-20 07:31:00 Europe/Paris.');
});
