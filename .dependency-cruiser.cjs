/** The floors of the house (docs/decisions/0002-floors.md): imports point downwards, and the two wings never touch. */
const floor = (name, from, to) => ({name, severity: 'error', from: {path: from}, to: {path: to}});

module.exports = {
	forbidden: [
		// why lazily loaded ones are left out: the command table loads each command on demand, and completion reads the table
		{name: 'no-circle', severity: 'error', from: {}, to: {circular: true, viaOnly: {dependencyTypesNot: ['dynamic-import']}}},
		{name: 'no-orphan', severity: 'error', from: {orphan: true, pathNot: '(^|/)(cli\\.tsx|.*\\.d\\.ts|.*/main\\.ts)$'}, to: {}},
		floor('model-imports-nothing', '^source/model', '^(source/(?!model)|node_modules|fs|net|http|child_process)'),
		floor('text-imports-nothing', '^source/text', '^(source/(?!text)|node_modules|fs|net|http|child_process)'),
		floor('platform-knows-model-alone', '^source/platform', '^source/(?!platform|model)'),
		floor('api-knows-platform-and-model', '^source/api', '^source/(?!api|platform|model)'),
		floor('workspace-knows-platform-and-model', '^source/workspace', '^source/(?!workspace|model|platform)'),
		floor('store-knows-platform-and-model', '^source/store', '^source/(?!store|model|platform)'),
		floor('report-knows-platform-and-model', '^source/report', '^source/(?!report|model|platform)'),
		floor('engine-knows-store-report-platform-model', '^source/engine', '^source/(?!engine|store|report|model|platform|text)'),
		floor(
			'clients-know-api-and-platform',
			'^source/(commands|console)',
			'^source/(?!commands|console|api|model|text|platform|workspace/(find-workspace|scaffold))',
		),
		floor('console-does-not-know-commands', '^source/console', '^source/commands'),
		floor('daemon-does-not-know-clients', '^source/daemon', '^source/(commands|console)'),
		{
			name: 'pure-rooms-do-no-io',
			severity: 'error',
			from: {
				path: '^source/(engine/load/plan/(match|map|plan-chunk|plan-attempt|unique-claims|working-records)|engine/variables/types|console/screens/.*/model)',
			},
			to: {dependencyTypes: ['core'], path: '^(node:)?(fs|net|http|https|child_process|worker_threads|os|path)'},
		},
		{name: 'chdb-only-in-the-worker', severity: 'error', from: {pathNot: '^source/engine/sql/worker/'}, to: {path: 'node_modules/chdb'}},
		{
			name: 'sqlite-only-in-stores',
			severity: 'error',
			from: {pathNot: '^source/(store|daemon/control)/'},
			to: {path: 'node_modules/better-sqlite3'},
		},
	],
	options: {
		doNotFollow: {path: 'node_modules'},
		tsConfig: {fileName: 'tsconfig.json'},
		tsPreCompilationDeps: true,
		exclude: {path: '^(dist|test|bench)'},
	},
};
