/** What a corpus is: documents with names, and a hash of them. */

/** One text. The whole text is either trained on or held out. */
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
  /** What a reader of the results must know, e.g. that a single text was cut into sections. */
  notes: string[]
}
