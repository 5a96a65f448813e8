package dev.graft.data.text;

/** What a tokenizer does to upper-case letters before it looks words up. */
public enum LetterCase {
  /** Letters stay as they are written: a cased vocabulary. */
  AS_WRITTEN,
  /** Letters are made lower-case and lose their accents: an uncased vocabulary. */
  LOWER
}
