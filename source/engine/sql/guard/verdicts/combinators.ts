/** Endings that make another aggregate of an aggregate, such as `sumIf`. None reaches further than the aggregate itself. */
export const allowedCombinators =
	'If Array Map ForEach Distinct OrDefault OrNull Merge SimpleState State Resample ArgMin ArgMax Null Tuple';
