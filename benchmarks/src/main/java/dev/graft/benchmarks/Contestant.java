package dev.graft.benchmarks;

import dev.graft.engine.Precision;
import dev.graft.transfer.Backbone;
import java.nio.file.Path;

/** The ways to extract features that are compared. */
public enum Contestant {
  /** ONNX Runtime as it comes, with ImageIO and java.awt, image by image. */
  ONNX_RUNTIME_PLAIN {
    @Override
    FeatureExtractor open(Backbone backbone, Path work) {
      return new PlainOnnxRuntime(trunkFile(backbone, work), backbone.imagePreprocessing());
    }
  },
  /** ONNX Runtime on batches of 8 from Graft's decoder and preprocessor, one after the other. */
  ONNX_RUNTIME_BATCHED {
    @Override
    FeatureExtractor open(Backbone backbone, Path work) {
      return new BatchedOnnxRuntime(trunkFile(backbone, work), backbone.imagePreprocessing());
    }
  },
  /** Graft in fp32, nothing stored yet. */
  GRAFT_FP32 {
    @Override
    FeatureExtractor open(Backbone backbone, Path work) {
      return graft(backbone, Precision.FP32, work, GraftExtraction.Store.EMPTY);
    }
  },
  /** Graft in bf16, nothing stored yet. */
  GRAFT_BF16 {
    @Override
    FeatureExtractor open(Backbone backbone, Path work) {
      return graft(backbone, Precision.BF16, work, GraftExtraction.Store.EMPTY);
    }
  },
  /** Graft with all features stored. */
  GRAFT_STORED {
    @Override
    FeatureExtractor open(Backbone backbone, Path work) {
      return graft(backbone, Precision.BF16, work, GraftExtraction.Store.WARM);
    }
  };

  /** Prepares what is not measured. */
  abstract FeatureExtractor open(Backbone backbone, Path work);

  /** The same graph for all: the backbone without its head. */
  private static Path trunkFile(Backbone backbone, Path work) {
    Path file = work.resolve(backbone.id() + "-trunk.onnx");
    backbone.trunk().write(file);
    return file;
  }

  private static FeatureExtractor graft(
      Backbone backbone, Precision precision, Path work, GraftExtraction.Store store) {
    return new GraftExtraction(backbone, precision, work.resolve("store"), store);
  }
}
