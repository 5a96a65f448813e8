package dev.graft.zoo.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A model that lies in the cache. Immutable and thread-safe.
 *
 * @param reference as it was asked for
 * @param commit that the revision stands for
 * @param folder its snapshot, with the files under their own names
 * @param modelFile the ONNX file that was chosen, inside the folder
 * @param files that were asked for, by name
 * @param choice why that ONNX file, in one sentence
 */
public record PulledModel(
    ModelReference reference,
    String commit,
    Path folder,
    Path modelFile,
    List<PulledFile> files,
    String choice) {
  /** Copies the list. */
  public PulledModel {
    files = List.copyOf(files);
  }

  /** Of all files. */
  public long sizeBytes() {
    return files.stream().mapToLong(PulledFile::sizeBytes).sum();
  }

  /** What a command takes as a backbone: the folder where its usual ONNX file was chosen. */
  public Path place() {
    Path top = folder.resolve("model.onnx");
    Path below = folder.resolve("onnx").resolve("model.onnx");
    Path usual = Files.isRegularFile(top) ? top : below;
    return modelFile.equals(usual) ? folder : modelFile;
  }
}
