/** Which positions of a context count. Training, statistics and metrics use the same rule. */

/** Token id of padding at the end of a document's last context. */
export const PADDING = -1

/** A position whose norm exceeds this many times the harvest's median is an attention sink. */
export const SINK_FACTOR = 10
