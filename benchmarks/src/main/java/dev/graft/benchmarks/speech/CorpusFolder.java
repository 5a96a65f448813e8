package dev.graft.benchmarks.speech;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A corpus on disk, which grows by whole words: a word's clips are made beside, their folders are
 * renamed to their places, and then a record of the word is. What has no record was interrupted and
 * is made anew. The records lie in the hidden folder {@code .words}; {@code clips.csv} has them all
 * when the corpus is complete. Not thread-safe; one process at a time.
 */
final class CorpusFolder {
  static final String CARD = "README.md";
  static final String CLIPS = "clips.csv";
  private static final String RECORDS = ".words";
  private static final String WORK = ".work";

  private final Path root;

  private CorpusFolder(Path root) {
    this.root = root;
  }

  /**
   * Begins a corpus, or goes on with one.
   *
   * @param card what it is made by; the same when going on
   * @throws IllegalStateException if the folder holds something else
   */
  static CorpusFolder open(Path root, String card) throws IOException {
    Path file = root.resolve(CARD);
    if (Files.exists(file)) {
      if (!Files.readString(file).equals(card)) {
        throw new IllegalStateException(
            "Going on with the corpus in "
                + root
                + ": it was begun with other settings or synthesizers, see "
                + file
                + ". Give the same settings, or another folder");
      }
    } else {
      Files.createDirectories(root);
      try (Stream<Path> inside = Files.list(root)) {
        if (inside.findAny().isPresent()) {
          throw new IllegalStateException(
              "Beginning a corpus: the folder "
                  + root
                  + " holds other files and no "
                  + CARD
                  + ". Give an empty or a new folder");
        }
      }
    }
    CorpusFolder folder = new CorpusFolder(root);
    Files.createDirectories(root.resolve(RECORDS));
    delete(folder.work());
    Files.createDirectories(folder.work());
    folder.publish(CARD, card);
    return folder;
  }

  /** A folder for what is being made; it is removed at the end. */
  Path work() {
    return root.resolve(WORK);
  }

  /** The records of a word's clips, if it was finished. */
  Optional<List<ClipRecord>> finished(String word) throws IOException {
    Path record = root.resolve(RECORDS).resolve(word + ".csv");
    return Files.exists(record)
        ? Optional.of(Files.readAllLines(record).stream().map(ClipRecord::parse).toList())
        : Optional.empty();
  }

  /**
   * Gives a word's clips their places.
   *
   * @param made the folder with a folder of clips for each part, inside {@link #work}
   */
  void finish(String word, Path made, List<ClipRecord> records) throws IOException {
    for (CorpusPlan.Part part : CorpusPlan.Part.values()) {
      Path place = root.resolve(part.folder()).resolve(word);
      delete(place);
      Path clips = made.resolve(part.folder()).resolve(word);
      if (Files.isDirectory(clips)) {
        Files.createDirectories(place.getParent());
        Files.move(clips, place);
      }
    }
    publish(RECORDS + "/" + word + ".csv", lines(records.stream().map(ClipRecord::line).toList()));
    delete(made);
  }

  /** Writes the table of all clips and removes what was for the work only. */
  void complete(List<ClipRecord> records) throws IOException {
    List<String> table = new ArrayList<>(List.of(ClipRecord.HEADER));
    records.forEach(record -> table.add(record.line()));
    publish(CLIPS, lines(table));
    delete(work());
  }

  private static String lines(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }

  private void publish(String name, String text) throws IOException {
    Path beside = work().resolve("publishing");
    try (FileChannel out =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      var bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(beside, root.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void delete(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(path)) {
      for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("Removing " + path, failure);
    }
  }
}
