/** Less than the shortest polling interval; otherwise SWR would drop every second request as a duplicate. */
export const DEDUPE_MS = 500
