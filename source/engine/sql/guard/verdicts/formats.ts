/** Formats of data that hold values alone. */
export const allowedFormats = `
	Arrow ArrowStream Avro BSONEachRow CSV CSVWithNames CSVWithNamesAndTypes CustomSeparated CustomSeparatedIgnoreSpaces
	CustomSeparatedIgnoreSpacesWithNames CustomSeparatedIgnoreSpacesWithNamesAndTypes CustomSeparatedWithNames
	CustomSeparatedWithNamesAndTypes Form GeoJSON JSON JSONAsObject JSONAsString JSONColumns JSONColumnsWithMetadata JSONCompact
	JSONCompactColumns JSONCompactEachRow JSONCompactEachRowWithNames JSONCompactEachRowWithNamesAndTypes JSONCompactStringsEachRow
	JSONCompactStringsEachRowWithNames JSONCompactStringsEachRowWithNamesAndTypes JSONEachRow JSONL JSONLines JSONObjectEachRow
	JSONStringsEachRow LineAsString MsgPack NDJSON Native Npy ORC One Parquet ParquetMetadata Raw RawBLOB RawWithNames
	RawWithNamesAndTypes RowBinary RowBinaryWithDefaults RowBinaryWithNames RowBinaryWithNamesAndTypes
	RowBinaryWithNamesAndTypesAndDefaults TSKV TSV TSVRaw TSVRawWithNames TSVRawWithNamesAndTypes TSVWithNames TSVWithNamesAndTypes
	TabSeparated TabSeparatedRaw TabSeparatedRawWithNames TabSeparatedRawWithNamesAndTypes TabSeparatedWithNames
	TabSeparatedWithNamesAndTypes`;

/** Formats that text may be made in and that nothing may be read from: the engine runs what stands in `Values` as SQL. */
export const writtenFormats = `
	Hash JSONCompactEachRowWithProgress JSONCompactStrings JSONCompactStringsEachRowWithProgress JSONEachRowWithProgress JSONStrings
	JSONStringsEachRowWithProgress LineAsStringWithNames LineAsStringWithNamesAndTypes MD Markdown Null Pretty PrettyCompact
	PrettyCompactMonoBlock PrettyCompactNoEscapes PrettyCompactNoEscapesMonoBlock PrettyJSONEachRow PrettyJSONLines PrettyMonoBlock
	PrettyNDJSON PrettyNoEscapes PrettyNoEscapesMonoBlock PrettySpace PrettySpaceMonoBlock PrettySpaceNoEscapes
	PrettySpaceNoEscapesMonoBlock SQLInsert Values Vertical XML`;

/** Formats that SQL may not name: they read a schema or another server, or speak the protocol of a connection. */
export const refusedFormats = `
	AvroConfluent Buffers DWARF MySQLDump MySQLWire ODBCDriver2 PNG PostgreSQLWire Prometheus Protobuf ProtobufList ProtobufSingle
	Regexp Template TemplateIgnoreSpaces`;
