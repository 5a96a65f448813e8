package dev.graft.zoo;

import dev.graft.zoo.hub.ModelCard;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A backbone that comes with Graft, so that training needs no download: the files that pre-training
 * wrote lie in this module's jar, beside a list of them.
 *
 * <p>Immutable and thread-safe.
 */
public final class BundledBackbone {
  /** The small network for photographs. */
  public static final BundledBackbone PHOTO_SMALL =
      new BundledBackbone(
          "graft/photo-small",
          BackboneKind.IMAGE,
          "200 everyday classes at 64 pixels",
          "photo-small/");

  /** The small network for short words and sounds like them. */
  public static final BundledBackbone SPEECH_SMALL =
      new BundledBackbone(
          "graft/speech-small",
          BackboneKind.AUDIO,
          "1,000 words of synthetic speech",
          "speech-small/");

  private static final List<BundledBackbone> ALL = List.of(PHOTO_SMALL, SPEECH_SMALL);

  /** The names and digests of a backbone's files, as sha256sum writes them. */
  static final String LIST = "files.sha256";

  private static final int DIGITS_OF_FOLDER = 16;

  private final String id;
  private final BackboneKind kind;
  private final String sourceTask;
  private final String resources;

  /**
   * @param resources the folder of its files, relative to this class, with a slash at its end
   */
  BundledBackbone(String id, BackboneKind kind, String sourceTask, String resources) {
    this.id = id;
    this.kind = kind;
    this.sourceTask = sourceTask;
    this.resources = resources;
  }

  /** Those that this build holds. */
  public static List<BundledBackbone> present() {
    return ALL.stream().filter(BundledBackbone::isPresent).toList();
  }

  /** The one with an id; empty where none has it. */
  public static Optional<BundledBackbone> named(String id) {
    return ALL.stream().filter(bundled -> bundled.id.equals(id)).findFirst();
  }

  /** How it is called, such as graft/photo-small. */
  public String id() {
    return id;
  }

  /** What it takes. */
  public BackboneKind kind() {
    return kind;
  }

  /**
   * Of all its files.
   *
   * @throws IOException if this build does not hold them
   */
  public long sizeBytes() throws IOException {
    long sum = 0;
    for (FileDigest file : FileDigest.parse(new String(read(LIST), StandardCharsets.UTF_8))) {
      sum += read(file.name()).length;
    }
    return sum;
  }

  /**
   * Its model card.
   *
   * @throws IOException if this build does not hold it
   */
  public ModelCard card() throws IOException {
    return ModelCard.parse(new String(read("README.md"), StandardCharsets.UTF_8));
  }

  /** What it was trained on, in a few words. */
  public String sourceTask() {
    return sourceTask;
  }

  /** Whether this build holds its files. */
  public boolean isPresent() {
    return resource(LIST).isPresent();
  }

  /**
   * Makes its files readable as a folder of their own inside another one. What lies there whole is
   * left as it is; a file that is missing or damaged is written beside its place, forced to the
   * disk and renamed. The folder's name follows from the files, so that versions of Graft keep
   * apart. Several processes and threads may do this at once.
   *
   * @param folder made where it is missing
   * @return the folder with model.onnx and what describes it
   * @throws IOException if it cannot be written, or this build does not hold the files
   */
  public Path extractTo(Path folder) throws IOException {
    byte[] list = read(LIST);
    List<FileDigest> files = FileDigest.parse(new String(list, StandardCharsets.UTF_8));
    String digits = FileDigest.sha256(list).substring(0, DIGITS_OF_FOLDER);
    String name = id.substring(id.lastIndexOf('/') + 1) + "-" + digits;
    VerifiedFolder target = VerifiedFolder.at(folder.resolve(name));
    for (FileDigest file : files) {
      if (!target.holds(file)) {
        target.write(file, read(file.name()));
      }
    }
    return target.path();
  }

  private byte[] read(String name) throws IOException {
    URL found =
        resource(name)
            .orElseThrow(
                () ->
                    new FileNotFoundException(
                        "this build of Graft does not hold " + name + " of the backbone " + id));
    try (InputStream content = found.openStream()) {
      return content.readAllBytes();
    }
  }

  private Optional<URL> resource(String name) {
    return Optional.ofNullable(BundledBackbone.class.getResource(resources + name));
  }
}
