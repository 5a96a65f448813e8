package dev.graft.engine;

import dev.graft.onnx.OnnxTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The ONNX backend node test suite as a zip: {@code test_X/model.onnx} and for each data set {@code
 * test_X/test_data_set_K/input_I.pb} and {@code output_I.pb}.
 *
 * <p>The system property {@code graft.node-tests} names another zip of that layout; a relative path
 * is one from the project's folder.
 */
final class NodeSuite implements AutoCloseable {
  private static final String LOCATION = "graft.node-tests";

  private final ZipFile zip;

  private NodeSuite(ZipFile zip) {
    this.zip = zip;
  }

  /** Where the suite is expected. */
  static Path location() {
    String given = System.getProperty(LOCATION);
    return given == null
        ? Path.of(System.getProperty("graft.shared"), "onnx-node-tests.zip")
        : Path.of(System.getProperty("graft.project", "")).resolve(given);
  }

  static Optional<NodeSuite> open() throws IOException {
    Path file = location();
    return Files.exists(file)
        ? Optional.of(new NodeSuite(new ZipFile(file.toFile())))
        : Optional.empty();
  }

  /** The names of the cases, sorted. */
  List<String> cases() {
    return zip.stream()
        .map(ZipEntry::getName)
        .filter(name -> name.endsWith("/model.onnx"))
        .map(name -> name.substring(0, name.indexOf('/')))
        .sorted()
        .toList();
  }

  byte[] model(String name) throws IOException {
    return bytes(name + "/model.onnx");
  }

  /** How many data sets a case has. */
  int dataSets(String name) {
    int count = 0;
    while (zip.getEntry(file(name, count, "output", 0)) != null) {
      count++;
    }
    return count;
  }

  /** The inputs or the outputs of a data set. */
  List<OnnxTensor> tensors(String name, int set, String kind) throws IOException {
    List<OnnxTensor> tensors = new ArrayList<>();
    while (zip.getEntry(file(name, set, kind, tensors.size())) != null) {
      tensors.add(TensorFiles.parse(bytes(file(name, set, kind, tensors.size()))));
    }
    return tensors;
  }

  private static String file(String name, int set, String kind, int index) {
    return name + "/test_data_set_" + set + "/" + kind + "_" + index + ".pb";
  }

  private byte[] bytes(String path) throws IOException {
    ZipEntry entry = zip.getEntry(path);
    if (entry == null) {
      throw new IOException("the suite has no entry " + path);
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
