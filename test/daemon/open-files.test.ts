import {expect, test} from 'vitest';
import {checkOpenFiles, connectionShares, executionsWithin, openFilesLimit} from '../../source/daemon/server/open-files.js';

test('the limit of open files is read from the system, and 256 is believed where it does not tell', () => {
	expect(openFilesLimit()).toBeGreaterThan(100);
	expect(openFilesLimit('/nowhere')).toBe(256);
	expect(openFilesLimit('/dev/null')).toBe(256);
});

test('64 are too few, and the error says how many are needed', () => {
	expect(() => checkOpenFiles(64)).toThrow(expect.objectContaining({code: 'daemon.open_files', expected: 'at least 152'}));
	expect(() => checkOpenFiles(152)).not.toThrow();
});

test('whatever the limit and the number of executions, what each needs is left over', () => {
	for (const limit of [152, 256, 1_024, 4_096, 1_048_576, Number.MAX_SAFE_INTEGER]) {
		for (const wished of [1, 2, 8, 100]) {
			const running = executionsWithin(limit, wished);
			const {socket, tcp, webhooks, webhooksWaiting} = connectionShares(limit, wished);
			expect(running).toBeGreaterThanOrEqual(1);
			expect(Math.min(socket, tcp, webhooks)).toBeGreaterThanOrEqual(16);
			expect(64 + 12 * (running + 1) + socket + tcp + webhooks + webhooksWaiting).toBeLessThanOrEqual(limit);
		}
	}
	expect(connectionShares(1_024, 2)).toEqual({socket: 231, tcp: 231, webhooks: 347, webhooksWaiting: 115});
	expect(connectionShares(20_000, 2)).toEqual({socket: 256, tcp: 256, webhooks: 1_000, webhooksWaiting: 4_096});
	expect(executionsWithin(256, 100)).toBe(9);
});
