import {defineConfig} from 'vitest/config';

/** Folders whose tests keep nothing in their process that another file could meet: their files share processes, so that modules load once. */
const shared = ['api', 'diff', 'engine', 'files', 'load', 'report', 'store', 'variables', 'webhooks', 'workspace'];

const files = (folders: readonly string[]) => folders.map((folder) => `test/${folder}/**/*.test.{ts,tsx}`);

export default defineConfig({
	test: {
		pool: 'forks',
		// Twice the cores of the smallest machine: most tests wait for processes of their own.
		maxWorkers: 4,
		testTimeout: 120_000,
		hookTimeout: 120_000,
		projects: [
			{extends: true, test: {name: 'alone', include: files(['**']), exclude: files([...shared, 'intake'])}},
			{extends: true, test: {name: 'shared', include: files(shared), isolate: false}},
			// A project of its own: its files share one SQL engine, and a process can have no more than one.
			{extends: true, test: {name: 'intake', include: files(['intake']), isolate: false, globalSetup: 'test/intake/support/scratch.ts'}},
		],
	},
});
