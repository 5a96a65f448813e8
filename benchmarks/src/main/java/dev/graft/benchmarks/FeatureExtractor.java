package dev.graft.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** One way from image files to features. Not thread-safe; close it. */
interface FeatureExtractor extends AutoCloseable {
  /**
   * Computes the features of all files.
   *
   * @return a row of features for each file, in their order
   */
  List<float[]> extract(List<Path> files);

  @Override
  void close();
}
