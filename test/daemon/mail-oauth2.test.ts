import {mkdtempSync, rmSync} from 'node:fs';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {SMTPServer} from 'smtp-server';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {sendMail} from '../../source/daemon/deliveries/mail.js';
import {mailServerOf} from '../../source/daemon/deliveries/mail-server.js';
import type {WorkspaceSettings} from '../../source/workspace/settings.js';

type Login = {readonly user: unknown; readonly token: unknown};

let folder: string;
let tokens: Server;
let smtp: SMTPServer;
let asked: {authorization: string | undefined; form: Record<string, string>}[];
let answers: object[];
let logins: Login[];
let mails: number;
let accepted: string;
let refusal: 'challenge' | 'at once';

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'sluice-oauth-'));
	[asked, answers, logins, mails, accepted, refusal] = [[], [], [], 0, '', 'challenge'];
	tokens = createServer(async (request, response) => {
		let body = '';
		for await (const part of request) body += String(part);
		asked.push({authorization: request.headers.authorization, form: Object.fromEntries(new URLSearchParams(body))});
		const answer = answers.shift();
		response.writeHead(answer ? 200 : 400).end(JSON.stringify(answer ?? {error: 'invalid_grant'}));
	});
	smtp = new SMTPServer({
		logger: false,
		authMethods: ['XOAUTH2'],
		onAuth({username, accessToken}, _session, done) {
			logins.push({user: username, token: accessToken});
			if (accessToken === accepted) done(null, {user: username});
			// Some servers refuse by a challenge, others at once; some repeat what they were sent.
			else if (refusal === 'challenge') done(null, {data: {status: '401', schemes: 'bearer', scope: String(accessToken)}});
			else done(Object.assign(new Error(`5.7.8 ${String(accessToken)} is no good token`), {responseCode: 535}));
		},
		onData(stream, _session, done) {
			stream.resume();
			stream.on('end', () => {
				mails++;
				done();
			});
		},
	});
	await new Promise<void>((resolve) => tokens.listen(0, '127.0.0.1', resolve));
	await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
	tokens.close();
	await new Promise<void>((resolve) => smtp.close(resolve));
	rmSync(folder, {recursive: true, force: true});
});

const portOf = (server: Pick<Server, 'address'>) => (server.address() as AddressInfo).port;

const tls = 'tls.rejectUnauthorized=false';

/** @param client a name of its own for each test: tokens are kept by what they were asked with */
async function send(client: string, {query = tls, user = 'ops%40example.com@', refresh = null as string | null} = {}): Promise<void> {
	const smtpSettings = {
		url: `smtp://${user}127.0.0.1:${portOf(smtp.server)}?${query}`,
		from: 'Sluice <sluice@example.com>',
		oauth2: {
			tokenUrl: `http://127.0.0.1:${portOf(tokens)}/token`,
			clientId: client,
			clientSecret: '${secret:client}',
			refreshToken: refresh,
			scope: 'https://mail.example.com/.default',
		},
	};
	const workspace = {
		settings: {
			smtp: smtpSettings,
			httpAllowHosts: ['127.0.0.1'],
			outgoing: {proxy: null, noProxy: null, caFile: null},
		} as unknown as WorkspaceSettings,
	};
	const vault = {read: (name: string) => ({client: 'the client key', refresh: 'first refresh token'})[name] ?? null};
	const payload = {kind: 'mail', subject: 'x', text: 'x', attachment: null} as const;
	const server = mailServerOf({workspace: workspace as never}, vault);
	await sendMail({id: 'm', to: 'ops@example.com', payload}, {server, outbox: folder});
}

test('a token of client credentials takes the place of a password, and is kept', async () => {
	answers = [{access_token: 'token-one', token_type: 'Bearer', expires_in: 3600}];
	accepted = 'token-one';
	await send('keeps');
	await send('keeps');
	expect(logins).toEqual(Array(2).fill({user: 'ops@example.com', token: 'token-one'}));
	expect(mails).toBe(2);
	expect(asked).toEqual([
		{
			authorization: `Basic ${Buffer.from('keeps:the+client+key').toString('base64')}`,
			form: {grant_type: 'client_credentials', scope: 'https://mail.example.com/.default'},
		},
	]);
});

const refusals = ['challenge', 'at once'] as const;

test.each(refusals)('a token that the mail server refuses (%s) is renewed once, by the newest refresh token', async (how) => {
	refusal = how;
	answers = [
		{access_token: 'token-one', expires_in: 3600, refresh_token: 'second refresh token'},
		{access_token: 'token-two', expires_in: 3600},
	];
	accepted = 'token-one';
	await send(`renews ${how}`, {refresh: '${secret:refresh}', user: ''});
	accepted = 'token-two';
	await send(`renews ${how}`, {refresh: '${secret:refresh}', user: ''});
	expect(logins.map(({token}) => token)).toEqual(['token-one', 'token-one', 'token-two']);
	expect(new Set(logins.map(({user}) => user))).toEqual(new Set(['sluice@example.com']));
	expect(asked.map(({form}) => [form.grant_type, form.refresh_token])).toEqual([
		['refresh_token', 'first refresh token'],
		['refresh_token', 'second refresh token'],
	]);
	expect(mails).toBe(2);
});

test.each(refusals)('a mailbox that no token opens (%s) is tried again later, and no error holds a token', async (how) => {
	refusal = how;
	answers = [
		{access_token: 'token-that-is-wrong', expires_in: 3600},
		{access_token: 'token-that-is-wrong-too', expires_in: 3600},
	];
	accepted = 'another';
	const error = await send(`refused ${how}`).then(
		() => null,
		(thrown: Error) => thrown,
	);
	expect(error).toMatchObject({code: 'outgoing.failed', message: expect.stringMatching(/^The mail could not be sent: /)});
	expect(JSON.stringify([error, error?.message])).not.toMatch(/token-that-is-wrong/);
	expect(asked).toHaveLength(2);
	expect(mails).toBe(0);
});

test('a token server that gives none is named, with the cure', async () => {
	await expect(send('none')).rejects.toMatchObject({
		code: 'outgoing.failed',
		message: 'The token server answered 400 without a bearer token: invalid_grant',
		cure: expect.stringContaining('smtp.auth.oauth2'),
	});
	expect(logins).toEqual([]);
	expect(asked).toHaveLength(1);
});

test('a token is not sent without TLS, unless the address says insecure', async () => {
	await new Promise<void>((resolve) => smtp.close(resolve));
	smtp = new SMTPServer({...smtp.options, disabledCommands: ['STARTTLS'], allowInsecureAuth: true});
	await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
	answers = [{access_token: 'token-one', expires_in: 3600}];
	accepted = 'token-one';
	for (const query of ['', 'ignoreTLS=true', 'opportunisticTLS=true'])
		await expect(send('clear', {query, user: ''})).rejects.toMatchObject({message: expect.stringContaining('offers no TLS')});
	expect(logins).toEqual([]);
	await send('clear', {query: 'insecure=true', user: ''});
	expect(mails).toBe(1);
});
