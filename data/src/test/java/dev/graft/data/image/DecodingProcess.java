package dev.graft.data.image;

import dev.graft.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Decodes damaged versions of image files, as a process of its own. */
final class DecodingProcess {
  private static final int VERSIONS = 60;

  private DecodingProcess() {}

  public static void main(String... files) throws IOException {
    ImageDecoder decoder = new ImageDecoder();
    int decoded = 0;
    int refused = 0;
    for (String file : files) {
      byte[] whole = Files.readAllBytes(Path.of(file));
      for (int version = 0; version < VERSIONS; version++) {
        byte[] damaged = whole.clone();
        SplittableRandom random = new SplittableRandom(version);
        for (int i = 0; i < 3; i++) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        try {
          decoder.decode(damaged, file);
          decoded++;
        } catch (DataException expected) {
          refused++;
        }
      }
    }
    System.out.println(decoded + " decoded, " + refused + " refused");
  }
}
