package dev.graft.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Short generated texts about lost cards and exchange rates, and a table of word vectors. */
final class TicketData {
  private static final List<String> WORDS =
      List.of("[PAD]", "[UNK]", "card", "lost", "stolen", "rate", "euro", "exchange", "my", "the");

  private TicketData() {}

  /** Writes text files of the classes topic0 and topic1, with a training and a test part. */
  static Path write(Path folder, int ofEach) throws IOException {
    SplittableRandom random = new SplittableRandom(2);
    for (String part : List.of("train", "test")) {
      for (int label = 0; label < 2; label++) {
        Path texts = Files.createDirectories(folder.resolve(part).resolve("topic" + label));
        for (int i = 0; i < ofEach; i++) {
          Files.writeString(texts.resolve(i + ".txt"), text(label, random));
        }
      }
    }
    return folder;
  }

  private static String text(int label, SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 3 + random.nextInt(6); i++) {
      int word = i % 2 == 0 ? 2 + 3 * label + random.nextInt(3) : 8 + random.nextInt(2);
      text.append(i == 0 ? "" : " ").append(WORDS.get(word));
    }
    return text + "?";
  }

  /**
   * Writes a table of long texts whose class only their last words tell, behind what a network of
   * 128 tokens reads.
   */
  static Path writeLongTexts(Path file, int ofEach) throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    StringBuilder table = new StringBuilder("message,topic\n");
    for (int i = 0; i < 2 * ofEach; i++) {
      table.append('"');
      for (int word = 0; word < 200; word++) {
        table.append(word % 2 == 0 ? "the " : "my ");
        if (random.nextInt(4) == 0) {
          table.append("day").append(random.nextInt(500)).append(' ');
        }
      }
      table.append(text(i % 2, random)).append("\",topic").append(i % 2).append('\n');
    }
    return Files.writeString(file, table);
  }

  /** Writes a folder with model.onnx and tokenizer.json. */
  static Path writeBackbone(Path folder) throws IOException {
    return WordVectors.write(folder, WORDS, new SplittableRandom(4));
  }
}
