import {defineConfig} from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.{ts,tsx}'],
		exclude: ['test/chaos/long/**'],
		pool: 'forks',
		maxWorkers: 2,
		// why: real daemons, engines and terminals on a shared machine; one more try in CI, and vitest says which test took it
		retry: process.env.CI ? 1 : 0,
		testTimeout: 120_000,
		hookTimeout: 120_000,
	},
});
