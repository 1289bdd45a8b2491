/**
 * What the arguments of a table function are. No other argument may be given.
 *
 * - `expressions`: values, held to the list of functions.
 * - `rows`: values as well, none of which the engine reads as a structure.
 * - `structure or rows`: a text in first place is a structure when more follows it.
 * - `structure`: one literal text.
 * - `structure, then values`: the text may be left out.
 * - `query`: one SELECT.
 * - `secret`: the name of a secret, then named arguments (`overridableKeys`).
 */
export type TableFunctionArguments =
	| 'expressions'
	| 'rows'
	| 'structure or rows'
	| 'structure'
	| 'structure, then values'
	| 'query'
	| 'secret';

/** The table functions that SQL may read, and what their arguments are. */
export const allowedTableFunctions = {
	SQLStandardValues: 'rows',
	generateRandom: 'structure, then values',
	generateSeries: 'expressions',
	generate_series: 'expressions',
	mysql: 'secret',
	null: 'structure',
	numbers: 'expressions',
	numbers_mt: 'expressions',
	postgresql: 'secret',
	primes: 'expressions',
	s3: 'secret',
	url: 'secret',
	values: 'structure or rows',
	view: 'query',
	zeros: 'expressions',
	zeros_mt: 'expressions',
} as const satisfies Readonly<Record<string, TableFunctionArguments>>;

/** Table functions that SQL may not read: they reach files, other servers, programs or the engine's own tables, or run a text as SQL. */
export const refusedTableFunctions = `
	arrowstream azureBlobStorage azureBlobStorageCluster cluster clusterAllReplicas cosn deltaLake deltaLakeAzure
	deltaLakeAzureCluster deltaLakeCluster deltaLakeLocal deltaLakeS3 deltaLakeS3Cluster dictionary eval executable file fileCluster
	filesystem format fuzzJSON fuzzQuery gcs hdfs hdfsCluster hudi hudiCluster iceberg icebergAzure icebergAzureCluster
	icebergCluster icebergHDFS icebergHDFSCluster icebergLocal icebergLocalCluster icebergS3 icebergS3Cluster input jdbc loop merge
	mergeTreeAnalyzeIndexes mergeTreeAnalyzeIndexesUUID mergeTreeIndex mergeTreeProjection mergeTreeTextIndex mongodb odbc oss
	paimon paimonAzure paimonAzureCluster paimonCluster paimonHDFS paimonHDFSCluster paimonLocal paimonS3 paimonS3Cluster
	prometheusQuery prometheusQueryRange redis remote remoteSecure s3Cluster sqlite timeSeriesData timeSeriesMetrics
	timeSeriesSamples timeSeriesSelector timeSeriesTags urlCluster viewExplain viewIfPermitted ytsaurus`;
