package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The memory-mapped values of initialisers that lie in files beside the model.
 *
 * <p>A location is opened only if it stays inside the model's folder after every symbolic link is
 * followed, or inside the contents of its repository in a hub's cache. Source: onnx.proto3,
 * TensorProto.external_data (location, offset, length).
 */
final class ExternalData {
  /** No external values. */
  static final ExternalData NONE = new ExternalData(Map.of());

  private final Map<String, ByteBuffer> buffers;

  ExternalData(Map<String, ByteBuffer> buffers) {
    this.buffers = buffers;
  }

  @Nullable ByteBuffer find(String tensor) {
    return buffers.get(tensor);
  }

  boolean isEmpty() {
    return buffers.isEmpty();
  }

  /** The values in order of the tensors' names. */
  Map<String, ByteBuffer> byName() {
    return new TreeMap<>(buffers);
  }

  /** Maps the values of every external initialiser of {@code tensors}. */
  static ExternalData map(Iterable<TensorProto> tensors, @Nullable Path modelFile, String source) {
    Map<String, ByteBuffer> buffers = new HashMap<>();
    for (TensorProto tensor : tensors) {
      if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
        buffers.put(tensor.getName(), map(tensor, modelFile, source));
      }
    }
    return buffers.isEmpty() ? NONE : new ExternalData(buffers);
  }

  private static ByteBuffer map(TensorProto tensor, @Nullable Path modelFile, String source) {
    String subject = source + ": external data of tensor \"" + tensor.getName() + "\"";
    if (modelFile == null) {
      throw new OnnxModelException(
          subject
              + " cannot be found, for the model was given as bytes and has no folder. Read the"
              + " model from its file instead.");
    }
    Map<String, String> entries = new HashMap<>();
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      entries.put(entry.getKey(), entry.getValue());
    }
    String location = entries.getOrDefault("location", "");
    long offset = number(entries, "offset", 0, subject);
    long expected =
        ElementType.ofOnnxCode(tensor.getDataType())
            .byteCount(ModelChecker.elementCount(tensor, source));
    long length = number(entries, "length", expected, subject);
    if (length != expected) {
      throw new OnnxModelException(
          "%s: its type and shape need %d bytes, the file states %d. Export the model again."
              .formatted(subject, expected, length));
    }
    try {
      Path file = resolve(location, modelFile, subject);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        if (offset > channel.size() || length > channel.size() - offset) {
          throw new OnnxModelException(
              "%s: needs bytes %d to %d of %s, which has only %d. The file is truncated or belongs to another model; fetch it again."
                  .formatted(subject, offset, offset + length, location, channel.size()));
        }
        if (length > Integer.MAX_VALUE) {
          throw new OnnxModelException(
              "%s: %d bytes in one tensor; expected at most 2 GB.".formatted(subject, length));
        }
        return length == 0
            ? ByteBuffer.allocate(0)
            : channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
      }
    } catch (IOException failure) {
      throw new OnnxModelException(
          "%s: %s cannot be read: %s. Put it beside the model file and make it readable."
              .formatted(subject, location, failure),
          failure);
    }
  }

  private static Path resolve(String location, Path modelFile, String subject) throws IOException {
    Path folder = modelFile.toAbsolutePath().getParent();
    if (folder == null) {
      throw new OnnxModelException(subject + ": the model file has no folder.");
    }
    Path relative;
    try {
      relative = folder.getFileSystem().getPath(location);
    } catch (InvalidPathException invalid) {
      throw refused(subject, location, "is no valid path");
    }
    // A backslash or a drive letter is a path step on some platforms: such files are not portable.
    if (location.isBlank()
        || relative.isAbsolute()
        || location.startsWith("/")
        || location.contains("\\")
        || location.matches("[A-Za-z]:.*")) {
      throw refused(subject, location, "is not a relative path");
    }
    for (Path step : relative) {
      if (step.toString().equals("..")) {
        throw refused(subject, location, "leaves the model's folder");
      }
    }
    Path file = folder.resolve(relative);
    if (!Files.exists(file)) {
      throw new OnnxModelException(
          "%s: expected the file %s beside the model, found none. Copy it there; it belongs to the model."
              .formatted(subject, location));
    }
    Path real = file.toRealPath();
    if (!real.startsWith(folder.toRealPath()) && !isBlobOf(folder, real)) {
      throw refused(subject, location, "leaves the model's folder through a symbolic link");
    }
    if (!Files.isRegularFile(real)) {
      throw refused(subject, location, "is not a regular file");
    }
    return real;
  }

  /**
   * In the cache that hubs' tools share, files are links into a folder of contents beside those of
   * the revisions: {@code models--org--name/snapshots/COMMIT/..} and {@code
   * models--org--name/blobs/DIGEST}.
   */
  private static boolean isBlobOf(Path folder, Path real) throws IOException {
    Path at = folder.toAbsolutePath().normalize();
    while (at.getParent() != null && !at.getParent().endsWith("snapshots")) {
      at = at.getParent();
    }
    Path repository = at.getParent() == null ? null : at.getParent().getParent();
    return repository != null
        && repository.getFileName() != null
        && repository.getFileName().toString().startsWith("models--")
        && real.startsWith(repository.resolve("blobs").toRealPath());
  }

  private static OnnxModelException refused(String subject, String location, String reason) {
    return new OnnxModelException(
        "%s: the location \"%s\" %s and is refused. Expected a file inside the model's folder; do not use this model unless you trust its source, and move its data beside it."
            .formatted(subject, location, reason));
  }

  private static long number(
      Map<String, String> entries, String key, long otherwise, String subject) {
    String text = entries.get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      long value = Long.parseLong(text.trim());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // Reported below together with negative values.
    }
    throw new OnnxModelException(
        "%s: %s is \"%s\"; expected a number of bytes. Export the model again."
            .formatted(subject, key, text));
  }
}
