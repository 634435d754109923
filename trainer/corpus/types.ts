/** One text that is held out or trained on as a whole. */
export interface Document {
  /** Path, file name or line, for people. */
  name: string
  text: string
}

export interface Corpus {
  name: string
  /** sha256 over names and texts of all documents, in order. */
  hash: string
  documents: Document[]
  /** Things a reader of results should know, e.g. that a single text was cut into sections. */
  notes: string[]
}
