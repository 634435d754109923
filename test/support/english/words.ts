/**
 * Words that no text of Loupe uses, each with what to write instead, and the places where one of them is right.
 * The reasons are in docs/style.md.
 */
export interface AvoidedWord {
  pattern: RegExp
  /** What to write instead. */
  instead: string
}

const word = (words: string, instead: string): AvoidedWord => ({
  pattern: new RegExp(`(?<![\\w-])(?:${words})(?![\\w-])`, 'i'),
  instead,
})

export const AVOIDED_WORDS: readonly AvoidedWord[] = [
  word('reckon(?:s|ed|ing)?', 'estimate, compute or count'),
  word('anew|afresh', 'again, or: starts over'),
  word('in hand', 'running, current or open'),
  word('at hand', 'available, or: on this machine'),
  word('whoever|whosoever', 'anyone who, or name the person'),
  word('(?:is|are|was|were|be|there) none', 'say what is missing: no …, without …'),
  word('(?:written|writes?|wrote|writing) (?:it |them )?down', 'store, save or record'),
  word('of what', 'name the thing: of the …'),
  word('told', 'says, shows, or receives'),
  word('beside', 'next to (a place), also or as well as (an addition)'),
  word('at most [^.;:]{1,40} (?:is|are) taken', 'the limit is …'),
  word('takes? (?:\\w+ )?at most', 'the limit is …'),
  word('begun', 'started'),
  word('(?:go|goes|going|went|gone) on(?= (?:from|where|with|until|to|at|after|in|again)|$|[.,;:])', 'continue'),
  word('looked up', 'found, or read'),
  word('by (?:then|now)', 'then, now, already'),
  word('all of it', 'everything, or name the thing'),
  word('nothing of', 'none of the …, or a verb'),
  word('of (?:its|their|his|her|your|our) own', 'a separate …, or: its own …'),
  word('such an?', 'this, or: a … like this'),
  word('those that', 'the … that'),
  word('lest|hence|thus|whence|hitherto|thereby|whereby|wherein|therein|thereof|forthwith', 'so that, so, in which'),
  word('upon|whilst|amongst|shall|ought', 'on, while, among, must'),
  word('loneliest', 'least similar'),
  word('heeds?|heeded|befits?|dwells?|yonder|henceforth', 'a common word'),
]

export interface AllowedText {
  /** The file, or the folder that ends with a slash. */
  file: string
  /** A part of the text, as it stands there. */
  text: string
  why: string
}

/** Every exception is used: one that matches nothing fails the test. */
export const ALLOWED_TEXTS: readonly AllowedText[] = [
  { file: 'docs/style.md', text: 'Of what stands here', why: 'an example of what not to write' },
]
