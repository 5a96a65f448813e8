package dev.graft.data.text;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.graft.data.DataException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer in native memory. Texts are encoded by many threads at once; closing waits for them.
 */
final class NativeTokenizer implements AutoCloseable {
  private static final AtomicInteger OPEN = new AtomicInteger();

  private final String source;
  private final int vocabularySize;
  private final ReadWriteLock life = new ReentrantReadWriteLock();
  private long handle;

  /**
   * All tokens of a text.
   *
   * @param ids the ids
   * @param special whether each was added by the tokenizer instead of read in the text
   * @param begins where each begins, in code points; -1 for added ones
   * @param ends where each ends, in code points, exclusive; -1 for added ones
   */
  record Encoded(int[] ids, boolean[] special, int[] begins, int[] ends) {
    /** The number of tokens that the text itself gives. */
    int ownTokens() {
      int count = 0;
      for (boolean added : special) {
        count += added ? 0 : 1;
      }
      return count;
    }
  }

  NativeTokenizer(String json, String source, int vocabularySize) {
    this.source = source;
    this.vocabularySize = vocabularySize;
    TokenizersLibrary library = TokenizerLibrary.functions();
    try {
      handle = library.createTokenizerFromString(json);
    } catch (RuntimeException e) {
      throw new DataException(
          "Cannot use the tokenizer "
              + source
              + ": "
              + e.getMessage()
              + ". Expected the tokenizer.json of a Hugging Face tokenizer.",
          e);
    }
    OPEN.incrementAndGet();
  }

  /** The number of tokenizers that hold native memory, for tests of leaks. */
  static int open() {
    return OPEN.get();
  }

  /** Tokenizes a text, which must hold no unpaired surrogate. */
  Encoded encode(String text) {
    life.readLock().lock();
    try {
      if (handle == 0) {
        throw new IllegalStateException("the tokenizer " + source + " is closed");
      }
      return read(text);
    } finally {
      life.readLock().unlock();
    }
  }

  private Encoded read(String text) {
    TokenizersLibrary library = TokenizerLibrary.functions();
    long encoding;
    try {
      encoding = library.encode(handle, text, true);
    } catch (RuntimeException e) {
      throw new DataException(
          "The tokenizer " + source + " refuses a text: " + e.getMessage() + ".", e);
    }
    try {
      long[] ids = library.getTokenIds(encoding);
      long[] mask = library.getSpecialTokenMask(encoding);
      boolean[] special = new boolean[mask.length];
      for (int i = 0; i < mask.length; i++) {
        special[i] = mask[i] != 0;
      }
      @Nullable CharSpan[] spans = library.getTokenCharSpans(encoding);
      int[] begins = new int[ids.length];
      int[] ends = new int[ids.length];
      for (int i = 0; i < ids.length; i++) {
        CharSpan span = special[i] ? null : spans[i];
        begins[i] = span == null ? -1 : span.getStart();
        ends[i] = span == null ? -1 : span.getEnd();
      }
      return new Encoded(checked(ids), special, begins, ends);
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  private int[] checked(long[] ids) {
    int[] result = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= vocabularySize) {
        throw new DataException(
            "The tokenizer "
                + source
                + " contradicts itself: it gave the id "
                + ids[i]
                + ", the ids of its tokens are 0 to "
                + (vocabularySize - 1)
                + ". Take the file from its source again.");
      }
      result[i] = (int) ids[i];
    }
    return result;
  }

  @Override
  public void close() {
    life.writeLock().lock();
    try {
      if (handle != 0) {
        TokenizerLibrary.functions().deleteTokenizer(handle);
        handle = 0;
        OPEN.decrementAndGet();
      }
    } finally {
      life.writeLock().unlock();
    }
  }
}
