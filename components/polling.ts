/** Below the shortest interval of polling: the library would else skip every other request for having just been made. */
export const DEDUPE_MS = 500
