package dev.graft.cli;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.bagofwords.WordsBackbone;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The backbone {@value WordsBackbone#ID}: no pretrained network, but counts of the words of the
 * training texts. It is made once for the same texts and kept in the cache.
 */
final class CountsOfWords {
  private static final int DIGITS_OF_FOLDER = 16;

  private final Path cache;
  private final long seed;

  CountsOfWords(Path cache, long seed) {
    this.cache = cache;
    this.seed = seed;
  }

  /** Whether a name means this backbone. */
  static boolean isMeant(NamedBackbone name) {
    return name.text().replace(File.separatorChar, '/').equals(WordsBackbone.ID);
  }

  /**
   * Refuses what has no words.
   *
   * @throws TransferException if the data are no texts
   */
  static void requireTexts(Dataset dataset) {
    if (dataset.kind() != DatasetKind.TEXT) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Choosing a backbone for "
              + dataset.name()
              + ": "
              + WordsBackbone.ID
              + " counts the words of texts, but these are "
              + dataset.kind().many()
              + ". Leave --backbone away, or name one that takes them.");
    }
  }

  /**
   * Its folder for some data.
   *
   * @throws TransferException if the data are no texts, or it cannot be written
   * @throws dev.graft.data.DataException if the texts have no words
   */
  Path madeOf(Dataset dataset) {
    requireTexts(dataset);
    List<String> texts = TrainingTexts.of(dataset);
    Path target = cache.resolve("backbones").resolve("words-" + digits(texts));
    if (Files.isDirectory(target)) {
      return target;
    }
    try {
      return made(texts, target);
    } catch (IOException failure) {
      throw new TransferException(
          TransferException.Cause.ENVIRONMENT,
          "Writing the backbone "
              + WordsBackbone.ID
              + " into "
              + target
              + " failed: "
              + FileProblems.reason(failure)
              + ". Where that folder cannot be written to, name another one in GRAFT_CACHE.",
          failure);
    }
  }

  private String digits(List<String> texts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(("2 " + seed).getBytes(StandardCharsets.UTF_8));
      for (String text : texts) {
        digest.update((text.length() + " " + text).getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS_OF_FOLDER);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  private Path made(List<String> texts, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    Path beside = Files.createTempDirectory(target.getParent(), ".words-");
    try {
      WordsBackbone.write(beside, texts, seed);
      Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      // Another process may have made the same in the meantime.
      if (!Files.isDirectory(target)) {
        throw failure;
      }
    } finally {
      remove(beside);
    }
    return target;
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }
}
