package dev.graft.transfer.export;

import dev.graft.data.image.ImagePreprocessing;
import dev.graft.onnx.OnnxModel;
import dev.graft.runtime.BundleConfig;
import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.GoldenExamples;
import dev.graft.runtime.ParityCheck;
import dev.graft.runtime.ParityReport;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.evidence.MetricsFile;
import dev.graft.transfer.evidence.ModelCard;
import dev.graft.transfer.evidence.ProvenanceFile;
import dev.graft.transfer.evidence.ReportPage;
import dev.graft.transfer.evidence.TrainingRecord;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes a bundle beside its place, proves it there, and moves it in by one rename: it appears
 * whole or not at all.
 */
public final class BundleWriter {
  private final TrainingRecord record;
  private final OnnxModel model;
  private final BundleConfig config;
  private final ImagePreprocessing preprocessing;
  private final GoldenExamples golden;

  /** What to do where something lies at the bundle's place. */
  public enum Existing {
    /** Nothing may lie there. */
    REFUSE,
    /** A bundle of before is replaced; anything else is refused. */
    REPLACE_BUNDLE
  }

  /** Collects the contents. */
  public BundleWriter(
      TrainingRecord record,
      OnnxModel model,
      BundleConfig config,
      ImagePreprocessing preprocessing,
      GoldenExamples golden) {
    this.record = record;
    this.model = model;
    this.config = config;
    this.preprocessing = preprocessing;
    this.golden = golden;
  }

  /**
   * Checks that a bundle may be written to a place, without writing: to be asked before the work.
   *
   * @throws TransferException if it may not
   */
  public static void requireWritable(Path folder, Existing existing) {
    Path target = folder.toAbsolutePath().normalize();
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      boolean bundle =
          Files.isRegularFile(target.resolve(BundleLayout.MODEL))
              && Files.isRegularFile(target.resolve(BundleLayout.CONFIG));
      if (existing == Existing.REFUSE) {
        throw environment(
            "Writing the bundle: "
                + folder
                + " exists already. Choose another folder, or replace it"
                + " with --overwrite.",
            null);
      }
      if (!bundle) {
        throw environment(
            "Writing the bundle: "
                + folder
                + " exists and is no bundle, so it is not replaced. Choose"
                + " another folder.",
            null);
      }
    }
    Path parent = target.getParent();
    Path place = parent;
    while (place != null && !Files.exists(place)) {
      place = place.getParent();
    }
    if (place == null || !Files.isDirectory(place) || !Files.isWritable(place)) {
      throw environment(
          "Writing the bundle: the folder "
              + place
              + " cannot be written to. Choose another output"
              + " folder or change its permissions.",
          null);
    }
  }

  /** Writes, proves, and moves in. */
  public ParityReport write(Path folder, Existing existing) {
    requireWritable(folder, existing);
    Path target = folder.toAbsolutePath().normalize();
    Path parent = java.util.Objects.requireNonNull(target.getParent());
    try {
      Files.createDirectories(parent);
      Path partial = Files.createTempDirectory(parent, "." + target.getFileName() + ".partial-");
      try {
        writeFiles(partial);
        ParityReport parity = ParityCheck.run(partial);
        openToReaders(partial);
        moveIn(partial, target);
        return parity;
      } finally {
        deleteTree(partial);
      }
    } catch (IOException failure) {
      throw environment(
          "Writing the bundle to "
              + folder
              + " failed: "
              + failure
              + ". Free some space or choose"
              + " another folder; nothing half-written is left.",
          failure);
    }
  }

  private void writeFiles(Path folder) throws IOException {
    model.write(folder.resolve(BundleLayout.MODEL));
    config.write(folder.resolve(BundleLayout.CONFIG));
    Files.writeString(
        folder.resolve(BundleLayout.PREPROCESSOR_CONFIG),
        preprocessing.toJson(),
        StandardCharsets.UTF_8);
    MetricsFile.write(record, folder.resolve(BundleLayout.METRICS));
    ModelCard.write(record, folder.resolve(BundleLayout.MODEL_CARD));
    ReportPage.write(record, folder.resolve(BundleLayout.REPORT));
    ProvenanceFile.write(record, folder.resolve(BundleLayout.PROVENANCE));
    golden.write(folder.resolve(BundleLayout.EXAMPLES));
  }

  /** A temporary folder is its owner's alone; a bundle is as readable as any new folder. */
  private static void openToReaders(Path folder) throws IOException {
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(
          folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    sync(folder);
  }

  private static void moveIn(Path partial, Path target) throws IOException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    Path before =
        target.resolveSibling("." + target.getFileName() + ".replaced-" + System.nanoTime());
    Files.move(target, before, StandardCopyOption.ATOMIC_MOVE);
    Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    deleteTree(before);
  }

  private static void sync(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> tree = Files.walk(folder)) {
      files = tree.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static TransferException environment(
      String message, @org.jspecify.annotations.Nullable Throwable beneath) {
    return beneath == null
        ? new TransferException(TransferException.Cause.ENVIRONMENT, message)
        : new TransferException(TransferException.Cause.ENVIRONMENT, message, beneath);
  }
}
