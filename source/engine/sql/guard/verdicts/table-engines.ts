/** Engines of tables that SQL may create. None reads or writes outside the execution's folder. */
export const allowedEngines = [
	'Log',
	'TinyLog',
	'StripeLog',
	'Memory',
	'MergeTree',
	'ReplacingMergeTree',
	'SummingMergeTree',
	'AggregatingMergeTree',
	'CollapsingMergeTree',
	'VersionedCollapsingMergeTree',
	'CoalescingMergeTree',
] as const;

/** Engines of tables that SQL may not create: they reach files, other servers, programs or other tables, or belong to another statement. */
export const refusedEngines = `
	Alias ArrowStream AzureBlobStorage AzureQueue Buffer COSN DeltaLake DeltaLakeAzure DeltaLakeLocal DeltaLakeS3 Dictionary
	Distributed EmbeddedRocksDB Executable ExecutablePool File FileLog FuzzJSON FuzzQuery GCS GenerateRandom GraphiteMergeTree HDFS
	Hudi Iceberg IcebergAzure IcebergHDFS IcebergLocal IcebergS3 JDBC Join Kafka KeeperMap Loop MaterializedPostgreSQL
	MaterializedView Merge MongoDB MySQL Null ODBC OSS Paimon PaimonAzure PaimonHDFS PaimonLocal PaimonS3 PostgreSQL QueryRunner
	Redis Remote RemoteSecure ReplicatedAggregatingMergeTree ReplicatedCoalescingMergeTree ReplicatedCollapsingMergeTree
	ReplicatedGraphiteMergeTree ReplicatedMergeTree ReplicatedReplacingMergeTree ReplicatedSummingMergeTree
	ReplicatedVersionedCollapsingMergeTree S3 S3Queue SQLite Set TimeSeries URL View WindowView YTsaurus`;
