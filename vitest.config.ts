import {defineConfig} from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.{ts,tsx}'],
		pool: 'forks',
		// Twice the cores of the smallest machine: most tests wait for processes of their own.
		maxWorkers: 4,
		testTimeout: 120_000,
		hookTimeout: 120_000,
	},
});
