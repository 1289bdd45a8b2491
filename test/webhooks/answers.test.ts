import {createHmac, randomUUID} from 'node:crypto';
import {connect} from 'node:net';
import {afterAll, afterEach, beforeAll, expect, test} from 'vitest';
import {BodiesInFlight} from '../../source/daemon/webhooks/bodies-in-flight.js';
import type {Proof, WebhookIntake} from '../../source/model/webhook-intake.js';
import {type Hooks, openHooks} from './hooks.js';

const bearer: Proof = {kind: 'bearer', secrets: ['key']};
const proven = {Authorization: 'Bearer a long token'};
const by = (sender: string) => ({sender, proofs: [bearer]}) as unknown as WebhookIntake['auth'];
const plain: WebhookIntake['auth'] = {sender: null, proofs: [bearer]};
const standard: WebhookIntake['auth'] = {sender: null, proofs: [{kind: 'hmac', secrets: ['signing']}]};
const topic = 'arn:aws:sns:eu-central-1:123456789012:orders';
const visited: string[] = [];
let visitStatus = 200;

let hooks: Hooks;
let before = 0;

beforeAll(async () => {
	hooks = await openHooks({
		secrets: {key: 'a long token', verify: 'the verify token', signing: 'signing key'},
		publicPath: '/in/v1/',
		visit: async (url) => {
			visited.push(url);
			return visitStatus;
		},
		connectors: {
			orders: {auth: plain, headers: ['x-event', 'authorization']},
			closed: {},
			signed: {auth: standard},
			byBody: {auth: plain, id: {body: 'event.id'}},
			byHeader: {auth: plain, id: {header: 'x-delivery'}},
			byKey: {auth: plain, id: {header: 'idempotency-key'}},
			byQuery: {auth: plain, id: {query: 'id'}},
			named: {auth: by('github'), answer: {status: 200, type: 'text/plain', body: ''}, id: {header: 'x-github-delivery'}},
			soap: {auth: plain, answer: {status: 202, type: 'text/xml', body: '<ack/>'}},
			silent: {auth: plain, answer: {status: 204, type: 'text/plain', body: ''}},
			large: {auth: plain, maxBodyBytes: 1024 * 1024},
			slack: {auth: by('slack')},
			zoom: {auth: by('zoom')},
			twitch: {auth: by('twitch')},
			msgraph: {auth: by('msgraph')},
			woocommerce: {auth: by('woocommerce')},
			echo: {auth: plain, handshake: {answer: '{query:challenge}', token: null}},
			meta: {auth: plain, handshake: {answer: '{query:hub.challenge}', token: {at: {query: 'hub.verify_token'}, secrets: ['verify']}}},
			inBody: {auth: plain, handshake: {answer: 'ok {body:challenge}', token: {at: {body: 'token'}, secrets: ['verify']}}},
			sns: {auth: {sender: null, proofs: [bearer, {kind: 'sns', topic}]}},
		},
	});
});

afterAll(() => hooks.close());

afterEach(() => {
	expect(hooks.unforeseen).toEqual([]);
	before = hooks.stored().length;
});

const added = () => hooks.stored().slice(before);
const send = (name: string, sent: Parameters<Hooks['send']>[0] = {}) => hooks.send({path: `/hooks/${name}`, headers: proven, ...sent});

test('a request is answered 201 with its id, or as the connector says, and its id is in a header too', async () => {
	const usual = await send('orders', {body: 'a'});
	expect(usual.status).toBe(201);
	expect(JSON.parse(usual.text)).toEqual({id: usual.headers['x-sluice-request']});
	expect(await send('named', {body: 'b'})).toMatchObject({status: 200, text: ''});
	const soap = await send('soap', {body: 'c'});
	expect([soap.status, soap.text, soap.headers['content-type']]).toEqual([202, '<ack/>', 'text/xml']);
	expect(soap.headers['x-sluice-request']).toMatch(/^[0-9a-f-]{36}$/);
	expect(await send('silent', {body: 'd'})).toMatchObject({status: 204, text: ''});
	expect(added()).toHaveLength(4);
});

test('the content type and the named headers are kept, never one that holds a secret', async () => {
	await send('orders', {
		body: '{}',
		headers: {...proven, 'Content-Type': 'application/json', 'X-Event': 'push, "quoted"', 'X-Other': 'no'},
	});
	await send('orders', {body: 'bare'});
	expect(added().map(({headers}) => headers)).toEqual(['{"content-type":"application/json","x-event":"push, \\"quoted\\""}', '']);
});

test('the scheme that is asked for is named', async () => {
	const asked = async (name: string) => {
		const {status, headers} = await send(name, {headers: {}});
		return [status, headers['www-authenticate']];
	};
	expect([await asked('orders'), await asked('signed')]).toEqual([
		[401, 'Bearer'],
		[401, 'Signature'],
	]);
});

test('an id counts once, whatever the body, wherever the id is; a request without one counts', async () => {
	const cases = (id: string, body: string): readonly [string, Parameters<Hooks['send']>[0]][] => [
		['byHeader', {headers: {...proven, 'X-Delivery': id}, body}],
		['byKey', {headers: {...proven, 'Idempotency-Key': id}, body}],
		['byQuery', {path: `/hooks/byQuery?id=${id}&attempt=${body.length}`, body}],
		['byBody', {body: JSON.stringify({event: {id}, attempt: body})}],
		['named', {headers: {...proven, 'X-GitHub-Delivery': id}, body}],
		['signed', {headers: signed(id, body), body}],
	];
	const id = randomUUID();
	for (const [index, [name, first]] of cases(id, 'first').entries()) {
		const answer = await send(name, first);
		const again = await send(name, cases(id, 'another')[index]?.[1]);
		expect([name, again.status, again.text, again.headers['x-sluice-request']]).toEqual([
			name,
			answer.status,
			answer.text,
			answer.headers['x-sluice-request'],
		]);
		expect([name, answer.headers['idempotency-replayed'], again.headers['idempotency-replayed']]).toEqual([name, undefined, 'true']);
		expect(hooks.control.webhooks.takeDiffering(name)).toBe(1);
		await send(name, first);
		expect(hooks.control.webhooks.takeDiffering(name)).toBe(0);
		expect((await send(name, cases(randomUUID(), 'first')[index]?.[1])).headers['idempotency-replayed']).toBe(undefined);
	}
	expect(added()).toHaveLength(12);
	for (const body of ['{"event": {}}', '{"event": {"id": null}}', '[]', 'text', '{"event": {"id": ""}}', '{"event": 1']) {
		await send('byBody', {body});
		await send('byBody', {body});
	}
	expect(added()).toHaveLength(24);
});

test('ids of many digits are told apart to the last one', async () => {
	for (const digits of ['12345678901234567890', '12345678901234567891', '1e400', '2e400'])
		await send('byBody', {body: `{"event": {"id": ${digits}}}`});
	expect(added()).toHaveLength(4);
});

test('an Idempotency-Key is held to the content, unless the id says that it is the same event', async () => {
	const key = randomUUID();
	await send('byHeader', {body: '1', headers: {...proven, 'Idempotency-Key': key, 'X-Delivery': key}});
	expect((await send('byHeader', {body: '2', headers: {...proven, 'Idempotency-Key': key}})).status).toBe(409);
	expect((await send('byHeader', {body: '2', headers: {...proven, 'Idempotency-Key': key, 'X-Delivery': key}})).status).toBe(201);
	expect(added()).toHaveLength(1);
});

test('2,000 replays of 20 events are 20 rows', async () => {
	const ids = Array.from({length: 20}, () => randomUUID());
	const answers = new Map<string, Set<string>>(ids.map((id) => [id, new Set()]));
	for (let round = 0; round < 10; round++) {
		const attempts = Array.from({length: 10}, (_, n) => `attempt ${10 * round + n}`);
		await Promise.all(
			ids.flatMap((id) =>
				attempts.map(async (body) => {
					const {status, text} = await send('byHeader', {body, headers: {...proven, 'X-Delivery': id}});
					answers.get(id)?.add(`${status} ${text}`);
				}),
			),
		);
	}
	expect([...answers.values()].map(({size}) => size)).toEqual(ids.map(() => 1));
	expect(added()).toHaveLength(20);
});

test('probes are answered and never kept', async () => {
	expect(await send('orders', {method: 'HEAD', headers: {}})).toMatchObject({status: 200, text: ''});
	const options = await send('orders', {method: 'OPTIONS', headers: {'WebHook-Request-Origin': 'eventgrid.azure.net'}});
	expect([options.status, options.headers['webhook-allowed-origin'], options.headers.allow]).toEqual([
		204,
		'*',
		'GET, HEAD, OPTIONS, POST',
	]);
	expect((await send('orders', {method: 'OPTIONS', headers: {}})).headers['webhook-allowed-origin']).toBe(undefined);
	expect(await send('orders', {method: 'GET'})).toMatchObject({status: 200, text: ''});
	expect((await send('orders', {method: 'GET', headers: {}})).status).toBe(401);
	for (const method of ['HEAD', 'OPTIONS', 'GET']) expect((await send('nothing', {method})).status).toBe(404);
	expect(added()).toEqual([]);
	expect((await send('orders', {method: 'GET', path: '/hooks/orders?a=1'})).status).toBe(201);
	expect(added()).toMatchObject([{query: 'a=1', body: ''}]);
});

test('handshakes of named senders are echoed when they are proven, and never kept', async () => {
	const slack = {body: '{"type": "url_verification", "challenge": "3eZbrw1a"}'};
	const zoom = {body: '{"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS"}}'};
	const twitch = {body: '{"challenge": "pogchamp"}', headers: {...proven, 'Twitch-Eventsub-Message-Type': 'webhook_callback_verification'}};
	expect(await send('slack', slack)).toMatchObject({status: 200, text: '3eZbrw1a', headers: {'x-content-type-options': 'nosniff'}});
	expect(JSON.parse((await send('zoom', zoom)).text)).toEqual({
		plainToken: 'qgg8vlvZRS',
		encryptedToken: createHmac('sha256', 'a long token').update('qgg8vlvZRS').digest('hex'),
	});
	expect(await send('twitch', twitch)).toMatchObject({status: 200, text: 'pogchamp'});
	const eventGrid = {
		headers: {...proven, 'aeg-event-type': 'SubscriptionValidation'},
		body: '[{"id": "1", "data": {"validationCode": "512d38b6"}}]',
	};
	expect(JSON.parse((await send('orders', eventGrid)).text)).toEqual({validationResponse: '512d38b6'});
	for (const [name, sent] of [
		['slack', slack],
		['zoom', zoom],
	] as const)
		expect((await send(name, {...sent, headers: {}})).status).toBe(401);
	expect((await send('twitch', {...twitch, headers: {'Twitch-Eventsub-Message-Type': 'webhook_callback_verification'}})).status).toBe(401);
	expect(added()).toEqual([]);
	expect((await send('orders', slack)).status).toBe(201);
	expect((await send('slack', {body: '{"type": "event_callback", "challenge": "x"}'})).status).toBe(201);
});

test('Graph asks for an echo without proof, WooCommerce for 200 without one', async () => {
	const path = '/hooks/msgraph?validationToken=Validation%3a+Testing+client%20%3Cb%3E';
	const graph = await send('msgraph', {path, headers: {}});
	expect([graph.status, graph.text, graph.headers['content-type'], graph.headers['x-content-type-options']]).toEqual([
		200,
		'Validation: Testing client <b>',
		'text/plain; charset=utf-8',
		'nosniff',
	]);
	expect((await send('orders', {path: path.replace('msgraph', 'orders'), headers: {}})).status).toBe(401);
	const form = {'Content-Type': 'application/x-www-form-urlencoded'};
	const ping = (body: string) => send('woocommerce', {body, headers: {...form, 'Content-Length': String(body.length)}});
	expect(await ping('webhook_id=17')).toMatchObject({status: 200, text: ''});
	expect((await ping('webhook_id=17&x=1')).status).toBe(401);
	expect((await ping(`webhook_id=${'1'.repeat(100)}`)).status).toBe(401);
	expect(added()).toEqual([]);
});

test('a configured handshake needs the proof, or its token', async () => {
	const echo = '/hooks/echo?challenge=abc';
	expect(await send('echo', {path: echo, method: 'GET'})).toMatchObject({status: 200, text: 'abc'});
	expect((await send('echo', {path: echo, method: 'GET', headers: {}})).status).toBe(401);
	const meta = (token: string, challenge = '1158201444') =>
		send('meta', {
			path: `/hooks/meta?hub.mode=subscribe&hub.challenge=${challenge}&hub.verify_token=${encodeURIComponent(token)}`,
			method: 'GET',
			headers: {},
		});
	expect(await meta('the verify token')).toMatchObject({status: 200, text: '1158201444'});
	expect((await meta('another')).status).toBe(401);
	expect((await meta('')).status).toBe(401);
	const inBody = (token: string) =>
		send('inBody', {
			body: JSON.stringify({token, challenge: 'c'}),
			headers: {'Content-Length': String(JSON.stringify({token, challenge: 'c'}).length)},
		});
	expect(await inBody('the verify token')).toMatchObject({status: 200, text: 'ok c'});
	expect((await inBody('another')).status).toBe(401);
	expect(added()).toEqual([]);
	expect((await send('echo', {body: '{}'})).status).toBe(201);
});

test('an echo is at most 1 KiB of printable text', async () => {
	const asked = async (challenge: string) => {
		const {status, text} = await send('echo', {path: `/hooks/echo?challenge=${encodeURIComponent(challenge)}`, method: 'GET'});
		return status === 200 ? text : `${status} ${(JSON.parse(text) as {code: string}).code}`;
	};
	expect(await asked('x'.repeat(1024))).toBe('x'.repeat(1024));
	expect(await asked('naïve €')).toBe('naïve €');
	for (const bad of ['x'.repeat(1025), 'é'.repeat(513), 'a\r\nb', 'a\u0000', '\u202ea', 'a\u2028b'])
		expect(await asked(bad)).toBe('400 webhook.echo');
});

test('the subscription of the topic is confirmed at Amazon SNS, and nowhere else', async () => {
	const url = `https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topic}&Token=2336412f`;
	const confirm = (SubscribeURL: string, TopicArn = topic) =>
		send('sns', {body: JSON.stringify({Type: 'SubscriptionConfirmation', TopicArn, SubscribeURL})});
	expect(await confirm(url)).toMatchObject({status: 200, text: ''});
	expect(visited).toEqual([url]);
	for (const bad of [
		url.replace('https:', 'http:'),
		url.replace('sns.eu-central-1', 's3.eu-central-1'),
		url.replace('amazonaws.com', 'amazonaws.com.example.com'),
		url.replace('sns.', 'user@sns.'),
		url.replace('.com/', '.com:8443/'),
		url.replace('.com/', '.com/admin'),
		url.replace(topic, `${topic}s`),
		url.replace('ConfirmSubscription', 'DeleteTopic'),
		'http://169.254.169.254/',
		'',
	]) {
		expect((await confirm(bad)).status).toBe(401);
	}
	expect((await confirm(url, `${topic}s`)).status).toBe(401);
	expect(visited).toHaveLength(1);
	visitStatus = 403;
	const failed = await confirm(url);
	expect([failed.status, failed.headers['retry-after']]).toEqual([503, '30']);
	expect((await send('sns', {body: '{"Type": "UnsubscribeConfirmation"}'})).status).toBe(200);
	expect(added()).toEqual([]);
	expect((await send('sns', {body: '{"Type": "Notification"}'})).status).toBe(201);
});

test('slashes that come twice or at the end, and the path of the public address, do not count', async () => {
	for (const path of [
		'/hooks/orders/',
		'//hooks/orders',
		'/hooks//orders?',
		'/in/v1/hooks/orders',
		'/in/v1//hooks/orders/',
		'/hooks/%6frders',
	]) {
		expect([path, (await send('orders', {path, body: path})).status]).toEqual([path, 201]);
	}
	for (const path of ['/in/hooks/orders', '/hooks/orders/x', '/v1/hooks/orders', '/hooks', '/hooks/%ff', '/in/v1/in/v1/hooks/orders']) {
		expect([path, (await send('orders', {path, body: path})).status]).toEqual([path, 404]);
	}
});

test('text is read in the charset it names, else as UTF-8 or Windows-1252', async () => {
	const latin = Buffer.from('{"name": "caf\xe9 \x80"}', 'latin1');
	await send('orders', {body: latin, headers: {...proven, 'Content-Type': 'application/json'}});
	await send('orders', {body: 'é', headers: {...proven, 'Content-Type': "text/plain; charset='utf-8'"}});
	await send('orders', {body: Buffer.from('\xe9', 'latin1'), headers: {...proven, 'Content-Type': 'text/plain; Charset = "ISO-8859-1"'}});
	expect(added().map(({body}) => body)).toEqual(['{"name": "café €"}', 'é', 'é']);
	const [window] = hooks.control.webhooks.notQueued().filter(({connector}) => connector === 'orders');
	expect(hooks.control.webhooks.guessed(window?.id ?? 0)).toBe(1);
	expect((await send('orders', {body: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])})).status).toBe(400);
});

test('a multipart body keeps its fields; of a binary file, its name, type and size', async () => {
	const part = (head: string, content: Buffer | string) =>
		Buffer.concat([Buffer.from(`--x-1\r\nContent-Disposition: form-data; ${head}\r\n\r\n`), Buffer.from(content), Buffer.from('\r\n')]);
	const end = Buffer.from('--x-1--\r\n');
	const body = Buffer.concat([
		part('name="subject"', 'Grüße'),
		part('name="photo"; filename="a.png"\r\nContent-Type: image/png', Buffer.from([0x89, 0x50, 0x00, 0xff, 0x0d, 0x0a, 0x0d, 0x0a, 0x01])),
		part('name="note"; filename="n.txt"\r\nContent-Type: text/plain', 'two\r\nlines'),
		end,
	]);
	expect((await send('orders', {body, headers: {...proven, 'Content-Type': 'multipart/form-data; boundary="x-1"'}})).status).toBe(201);
	const [row] = added();
	expect(row?.body).toBe(
		Buffer.concat([
			part('name="subject"', 'Grüße'),
			part('name="photo"; filename="a.png"\r\nContent-Type: image/png\r\nContent-Length: 9', ''),
			part('name="note"; filename="n.txt"\r\nContent-Type: text/plain', 'two\r\nlines'),
			end,
		]).toString(),
	);
	const text = Buffer.concat([part('name="subject"', 'plain'), end]);
	await send('orders', {body: text, headers: {...proven, 'Content-Type': 'multipart/form-data; boundary=x-1'}});
	expect(added()[1]?.body).toBe(text.toString());
});

test('a body may be as large as the connector says', async () => {
	expect((await send('large', {body: 'x'.repeat(1024 * 1024)})).status).toBe(201);
	expect((await send('large', {body: 'x'.repeat(1024 * 1024 + 1)})).status).toBe(413);
	expect((await send('orders', {body: 'x'.repeat(256 * 1024 + 1)})).status).toBe(413);
});

test('bodies together hold no more than their bound: one beyond it is asked to come again', async () => {
	const bodies = new BodiesInFlight(1_000);
	const small = await openHooks({connectors: {orders: {auth: plain}}, secrets: {key: 'a long token'}, bodies});
	const other = bodies.hold();
	try {
		other.grow(600);
		const {status, headers, text} = await small.send({headers: proven, body: 'x'.repeat(500)});
		expect([status, headers['retry-after'], (JSON.parse(text) as {code: string}).code]).toEqual([503, '30', 'webhook.busy']);
		other.end();
		for (let times = 0; times < 5; times++) expect((await small.send({headers: proven, body: 'x'.repeat(900)})).status).toBe(201);
	} finally {
		await small.close();
	}
});

test('a sender that waits to be asked for its body is asked only when its head proves it', async () => {
	const said = (authorization: string): Promise<string> =>
		new Promise((resolve) => {
			const socket = connect(hooks.port, '127.0.0.1');
			let text = '';
			socket.on('data', (piece) => {
				text += String(piece);
				if (text === 'HTTP/1.1 100 Continue\r\n\r\n') socket.write('body');
				if (/ 201 /.test(text)) socket.end();
			});
			socket.once('close', () => resolve(text));
			socket.write(
				`POST /hooks/orders HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n`,
			);
		});
	expect(await said(proven.Authorization)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /);
	expect(await said('Bearer wrong')).toMatch(/^HTTP\/1\.1 401 /);
});

test('a burst waits for its turn: of 300 connections at once with room for 20, every one is answered and none refused', async () => {
	const narrow = await openHooks({
		connectors: {orders: {auth: plain}},
		secrets: {key: 'a long token'},
		room: {mostConnections: () => 20, mostWaiting: () => 1_000},
	});
	try {
		const answers = await Promise.all(
			Array.from({length: 300}, (_, n) => narrow.send({headers: {...proven, Connection: 'keep-alive'}, body: `body ${n}`})),
		);
		expect(answers.filter(({status}) => status !== 201)).toEqual([]);
		expect(new Set(narrow.stored().map(({body}) => body)).size).toBe(300);
	} finally {
		await narrow.close();
	}
});

function signed(id: string, body: string): Record<string, string> {
	const time = String(Math.floor(Date.now() / 1000));
	const mac = createHmac('sha256', 'signing key').update(`${id}.${time}.${body}`).digest('base64');
	return {'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${mac}`};
}
