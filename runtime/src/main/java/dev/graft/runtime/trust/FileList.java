package dev.graft.runtime.trust;

import dev.graft.runtime.AtomicFile;
import dev.graft.runtime.BundleLayout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The SHA-256 of every file of a folder, in the order of their paths, as {@code sha256sum} writes
 * and {@code sha256sum --check} reads it. The list itself and its signature are not in it.
 *
 * <p>Immutable and thread-safe.
 */
public final class FileList {
  /** Digest, a blank, a blank or an asterisk (for bytes), path. */
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *](.+)");

  /** Tells which files are large; nothing reads it here. */
  private static final String OF_HUBS = ".gitattributes";

  private static final int MAXIMUM_BYTES = 4 << 20;

  private final SortedMap<String, String> digests;

  private FileList(SortedMap<String, String> digests) {
    this.digests = digests;
  }

  /**
   * Reads every file of a folder.
   *
   * @throws TrustException if the folder holds what cannot be listed, such as a symbolic link
   * @throws IOException if a file cannot be read
   */
  public static FileList of(Path folder) throws IOException {
    SortedMap<String, String> digests = new TreeMap<>();
    for (Map.Entry<String, FolderScan.Entry> found : FolderScan.of(folder).entries().entrySet()) {
      String path = found.getKey();
      if (isOwn(path)) {
        continue;
      }
      if (found.getValue().kind() != FolderScan.Kind.FILE) {
        throw refused(folder, path + " is no regular file");
      }
      try {
        ListedFile file = new ListedFile(path, FolderScan.sha256(found.getValue().file()));
        digests.put(file.path(), file.sha256());
      } catch (IllegalArgumentException odd) {
        throw refused(folder, String.valueOf(odd.getMessage()));
      }
    }
    return new FileList(digests);
  }

  /**
   * Writes the list of a folder's files into it.
   *
   * @throws TrustException as {@link #of}
   * @throws IOException if a file cannot be read or written
   */
  public static void write(Path folder) throws IOException {
    AtomicFile.replace(folder.resolve(BundleLayout.FILES), of(folder).bytes());
  }

  /**
   * The files of a folder by their paths with slashes, however deep. Links are not among them, but
   * for those that a snapshot in the shared cache of model hubs consists of.
   *
   * @throws IOException if the folder cannot be read, or holds too many
   */
  public static SortedMap<String, Path> files(Path folder) throws IOException {
    SortedMap<String, Path> files = new TreeMap<>();
    for (Map.Entry<String, FolderScan.Entry> found : FolderScan.of(folder).entries().entrySet()) {
      if (found.getValue().kind() == FolderScan.Kind.FILE) {
        files.put(found.getKey(), found.getValue().file());
      }
    }
    return files;
  }

  /**
   * The bytes of a folder's list, as they stand there.
   *
   * @throws TrustException if it is missing, too large or no regular file
   * @throws IOException if it cannot be read
   */
  static byte[] read(FolderScan scan) throws IOException {
    return readBounded(scan, BundleLayout.FILES, MAXIMUM_BYTES);
  }

  /** Understands the bytes of a list. */
  static FileList parse(Path folder, byte[] list) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(list)).toString();
    } catch (CharacterCodingException damaged) {
      throw unusable(folder, "it is no UTF-8");
    }
    SortedMap<String, String> digests = new TreeMap<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw unusable(folder, "line " + number + " is no digest with a path");
      }
      try {
        ListedFile file = new ListedFile(matcher.group(2), matcher.group(1));
        if (isOwn(file.path()) || digests.put(file.path(), file.sha256()) != null) {
          throw unusable(
              folder,
              "line "
                  + number
                  + " names "
                  + file.path()
                  + ", which is there already or cannot be listed");
        }
      } catch (IllegalArgumentException odd) {
        throw unusable(folder, "in line " + number + ", " + odd.getMessage());
      }
      if (number > FolderScan.MOST_ENTRIES) {
        throw unusable(folder, "it has more than " + FolderScan.MOST_ENTRIES + " lines");
      }
    }
    return new FileList(digests);
  }

  /** The digests by path. */
  SortedMap<String, String> digests() {
    return digests;
  }

  /** The list as it stands in a file. */
  byte[] bytes() {
    StringBuilder text = new StringBuilder();
    digests.forEach((path, sha256) -> text.append(sha256).append("  ").append(path).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Whether a path is that of the list or its signature, or of a file that hubs add. */
  static boolean isOwn(String path) {
    return path.equals(BundleLayout.FILES)
        || path.equals(BundleLayout.SIGNATURE)
        || path.equals(OF_HUBS);
  }

  /** The bytes of a small file of a folder, which is not reached by a link. */
  static byte[] readBounded(FolderScan scan, String name, int most) throws IOException {
    FolderScan.Entry entry = scan.entries().get(name);
    if (entry == null || entry.kind() != FolderScan.Kind.FILE) {
      throw refused(scan.root(), name + " is missing or no regular file");
    }
    try (InputStream content =
        Files.newInputStream(entry.file(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = content.readNBytes(most + 1);
      if (bytes.length > most) {
        throw refused(scan.root(), name + " has more than " + most + " bytes");
      }
      return bytes;
    }
  }

  private static TrustException unusable(Path folder, String reason) {
    return refused(folder, BundleLayout.FILES + " is no list of files: " + reason);
  }

  private static TrustException refused(Path folder, String reason) {
    return new TrustException(
        TrustException.Cause.FOLDER,
        "The files of "
            + folder
            + " cannot be told: "
            + reason
            + ". Restore the folder that graft wrote.");
  }
}
