/** The floors of the house (docs/decisions/0002-floors.md): imports point downwards, and the two wings never touch. */
const floor = (name, from, to) => ({name, severity: 'error', from: {path: from}, to: {path: to}});

module.exports = {
	forbidden: [
		// why lazily loaded ones are left out: the command table loads each command on demand, and completion reads the table
		{name: 'no-circle', severity: 'error', from: {}, to: {circular: true, viaOnly: {dependencyTypesNot: ['dynamic-import']}}},
		{name: 'no-orphan', severity: 'error', from: {orphan: true, pathNot: '(^|/)(cli\\.tsx|.*\\.d\\.ts|.*/main\\.ts)$'}, to: {}},
		floor('model-imports-nothing', '^source/model', '^(source/(?!model)|node_modules|fs|net|http|child_process)'),
		floor('text-imports-nothing', '^source/text', '^(source/(?!text)|node_modules|fs|net|http|child_process)'),
		floor('files-know-model-alone', '^source/files', '^source/(?!files|model)'),
		floor('api-knows-files-and-model', '^source/api', '^source/(?!api|files|model)'),
		floor('workspace-knows-model-alone', '^source/workspace', '^source/(?!workspace|model|files)'),
		floor('store-knows-model-alone', '^source/store', '^source/(?!store|model|files)'),
		floor('report-knows-model-alone', '^source/report', '^source/(?!report|model|files)'),
		floor('engine-knows-store-report-model', '^source/engine', '^source/(?!engine|store|report|model|files|text)'),
		floor(
			'clients-know-api-alone',
			'^source/(commands|console)',
			'^source/(?!commands|console|api|model|text|workspace/(find-workspace|scaffold))',
		),
		floor('console-does-not-know-commands', '^source/console', '^source/commands'),
		floor('daemon-does-not-know-clients', '^source/daemon', '^source/(commands|console)'),
		{
			name: 'pure-rooms-do-no-io',
			severity: 'error',
			from: {path: '^source/(engine/load/(match|map|plan)|engine/variables/types|console/screens/.*/model)'},
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
