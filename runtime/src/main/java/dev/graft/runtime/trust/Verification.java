package dev.graft.runtime.trust;

import dev.graft.runtime.BundleLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A folder held against the list of its files.
 *
 * @param files how many files the list names
 * @param bytes how many bytes of them were read
 * @param signature what can be said about who made the list
 * @param problems what is not as it was written, in the order of the paths; empty if all is
 */
public record Verification(int files, long bytes, Signature signature, List<Problem> problems) {
  /** What can be said about who made the list. */
  public enum Signature {
    /** There is none. */
    NONE,
    /** There is one, but no key to check it with. */
    UNCHECKED,
    /** It was made with the private half of the key that was given. */
    VALID,
    /** It was made with another key, of another list, or is damaged. */
    WRONG
  }

  /** What is wrong with a file. */
  public enum Kind {
    /** The bundle has no list: it was written before there was one, or it was removed. */
    NO_LIST("holds no list of its files"),
    /** The list is no list. */
    UNUSABLE_LIST("cannot be used"),
    /** A listed file is not there. */
    MISSING("is missing"),
    /** The bytes are others. */
    CHANGED("was changed"),
    /** It is not in the list. */
    UNKNOWN("is not in the list"),
    /** It is a symbolic link. */
    LINK("is a symbolic link"),
    /** It is neither file nor folder. */
    NO_FILE("is no regular file"),
    /** A key was given, and the list is not signed. */
    NOT_SIGNED("is missing, so nobody vouches for the list"),
    /** The signature does not fit the list and the key. */
    WRONG_SIGNATURE("was not made from this list with this key");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** Such as "was changed". */
    public String words() {
      return words;
    }
  }

  /**
   * Something that is not as it was written.
   *
   * @param path inside the folder
   * @param detail more about it; may be empty
   */
  public record Problem(Kind kind, String path, String detail) {}

  /** Copies. */
  public Verification {
    problems = List.copyOf(problems);
  }

  /** Whether everything is as it was written, and signed where that was asked for. */
  public boolean passed() {
    return problems.isEmpty();
  }

  /**
   * Reads every file of a folder and compares.
   *
   * @param key the signature must be that of this key; empty to look at digests alone
   * @throws TrustException if there is no such folder
   * @throws IOException if a file cannot be read
   */
  public static Verification of(Path folder, Optional<PublicKey> key) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new TrustException(
          TrustException.Cause.FOLDER,
          "Cannot verify "
              + folder
              + ": expected the folder of a model, found "
              + (Files.exists(folder) ? "a file" : "nothing")
              + ". Give the folder that graft train --out wrote.");
    }
    if (!Files.exists(folder.resolve(BundleLayout.FILES), LinkOption.NOFOLLOW_LINKS)) {
      return failed(
          new Problem(
              Kind.NO_LIST,
              BundleLayout.FILES,
              "it was written by an older graft, or the list was removed"));
    }
    FolderScan scan = FolderScan.of(folder);
    byte[] listed;
    FileList list;
    try {
      listed = FileList.read(scan);
      list = FileList.parse(folder, listed);
    } catch (TrustException unusable) {
      return failed(
          new Problem(
              Kind.UNUSABLE_LIST, BundleLayout.FILES, String.valueOf(unusable.getMessage())));
    }
    List<Problem> problems = new ArrayList<>();
    Signature signature = signature(scan, listed, key, problems);
    long bytes = compare(list.digests(), scan.entries(), problems);
    return new Verification(list.digests().size(), bytes, signature, problems);
  }

  private static Verification failed(Problem problem) {
    return new Verification(0, 0, Signature.NONE, List.of(problem));
  }

  private static Signature signature(
      FolderScan scan, byte[] listed, Optional<PublicKey> key, List<Problem> problems)
      throws IOException {
    boolean signed = scan.entries().containsKey(BundleLayout.SIGNATURE);
    if (key.isEmpty()) {
      return signed ? Signature.UNCHECKED : Signature.NONE;
    }
    if (!signed) {
      problems.add(new Problem(Kind.NOT_SIGNED, BundleLayout.SIGNATURE, ""));
      return Signature.NONE;
    }
    if (FolderSignature.isBy(key.get(), scan, listed)) {
      return Signature.VALID;
    }
    problems.add(new Problem(Kind.WRONG_SIGNATURE, BundleLayout.SIGNATURE, ""));
    return Signature.WRONG;
  }

  private static long compare(
      SortedMap<String, String> digests,
      SortedMap<String, FolderScan.Entry> entries,
      List<Problem> problems)
      throws IOException {
    long bytes = 0;
    for (Map.Entry<String, String> listed : digests.entrySet()) {
      String path = listed.getKey();
      FolderScan.Entry found = entries.get(path);
      if (found == null) {
        problems.add(new Problem(Kind.MISSING, path, ""));
      } else if (found.kind() == FolderScan.Kind.FILE) {
        String sha256 = FolderScan.sha256(found.file());
        bytes += found.size();
        if (!sha256.equals(listed.getValue())) {
          problems.add(
              new Problem(
                  Kind.CHANGED,
                  path,
                  "its SHA-256 is " + sha256 + ", expected " + listed.getValue()));
        }
      }
    }
    for (Map.Entry<String, FolderScan.Entry> found : entries.entrySet()) {
      String path = found.getKey();
      switch (found.getValue().kind()) {
        case LINK -> problems.add(new Problem(Kind.LINK, path, ""));
        case OTHER -> problems.add(new Problem(Kind.NO_FILE, path, ""));
        case FILE -> {
          if (!digests.containsKey(path) && !FileList.isOwn(path)) {
            problems.add(new Problem(Kind.UNKNOWN, path, ""));
          }
        }
      }
    }
    return bytes;
  }
}
