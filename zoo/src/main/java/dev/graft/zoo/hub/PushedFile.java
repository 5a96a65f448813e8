package dev.graft.zoo.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file of a folder that is pushed.
 *
 * @param name in the repository
 * @param place on this machine
 * @param sizeBytes of it
 * @param sha256 of its content
 */
record PushedFile(HubFileName name, Path place, long sizeBytes, String sha256) {
  private static final int SAMPLE_BYTES = 512;
  private static final int CHUNK_BYTES = 1 << 17;

  /** All files of a folder, in the order of their names. */
  static List<PushedFile> in(Path folder) throws IOException {
    List<Path> places;
    try (Stream<Path> tree = Files.walk(folder)) {
      places =
          tree.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
              .sorted()
              .toList();
    }
    List<PushedFile> files = new ArrayList<>();
    for (Path place : places) {
      String separator = folder.getFileSystem().getSeparator();
      String name = folder.relativize(place).toString().replace(separator, "/");
      files.add(new PushedFile(new HubFileName(name), place, Files.size(place), digest(place)));
    }
    return files;
  }

  private static String digest(Path place) throws IOException {
    try (InputStream content = Files.newInputStream(place, StandardOpenOption.READ)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
        digest.update(chunk, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /** Its beginning in Base64, by which hubs tell text from anything else. */
  String sample() throws IOException {
    try (InputStream content = Files.newInputStream(place)) {
      return Base64.getEncoder().encodeToString(content.readNBytes(SAMPLE_BYTES));
    }
  }

  /** All of it in Base64. */
  String content() throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(place));
  }
}
