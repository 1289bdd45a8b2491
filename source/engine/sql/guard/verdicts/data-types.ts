/** The names of types that a structure text may use, by their first word. */
export const allowedTypes = `
	AggregateFunction Array BFloat16 BIGINT BINARY BIT BLOB BYTE BYTEA Bool CHAR CHARACTER CLOB DEC DOUBLE Date Date32 DateTime
	DateTime32 DateTime64 Decimal Decimal128 Decimal256 Decimal32 Decimal64 Dynamic ENUM Enum Enum16 Enum8 FIXED FLOAT FixedString
	Float32 Float64 GEOMETRY Geometry INET4 INET6 INT INT1 INTEGER IPv4 IPv6 Int128 Int16 Int256 Int32 Int64 Int8 IntervalDay
	IntervalHour IntervalMicrosecond IntervalMillisecond IntervalMinute IntervalMonth IntervalNanosecond IntervalQuarter
	IntervalSecond IntervalWeek IntervalYear JSON LONGBLOB LONGTEXT LineString LowCardinality MEDIUMBLOB MEDIUMINT MEDIUMTEXT Map
	MultiLineString MultiPolygon NATIONAL NCHAR NUMERIC NVARCHAR Nested Nothing Nullable Point Polygon QBit REAL Ring SET SIGNED
	SINGLE SMALLINT SimpleAggregateFunction String TEXT TIMESTAMP TINYBLOB TINYINT TINYTEXT Time Time64 Tuple UInt128 UInt16 UInt256
	UInt32 UInt64 UInt8 UNSIGNED UUID VARBINARY VARCHAR VARCHAR2 Variant YEAR bool boolean`;

/** Words that may follow the first word of a type. */
export const typeModifiers = 'CHAR CHARACTER LARGE NOT NULL OBJECT PRECISION SIGNED UNSIGNED VARYING';
