package dev.graft.transfer;

import dev.graft.data.DataException;
import dev.graft.data.ExampleSource;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.Precision;
import dev.graft.engine.PrecisionProof;
import dev.graft.engine.Processor;
import dev.graft.transfer.features.FeatureStore;
import dev.graft.transfer.features.RowKey;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ExampleViews;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The precision for a backbone, proved on a few training images; kept beside the features, so that
 * a further run on the same images does not prove it again.
 */
final class ProvenPrecision {
  private static final int IMAGES = 4;
  private static final String STORE = "precision-proofs-" + GraftVersion.text();

  private final Backbone backbone;
  private final ExampleViews plain;
  private final Path stores;

  /**
   * Reads and writes nothing yet.
   *
   * @param plain how images are prepared without augmentation
   * @param stores the folder of the feature stores
   */
  ProvenPrecision(Backbone backbone, ExampleViews plain, Path stores) {
    this.backbone = backbone;
    this.plain = plain;
    this.stores = stores;
  }

  /** What was asked for; else chooses for some training examples. */
  PrecisionProof of(ExampleTable train, PrecisionChoice asked) {
    return switch (asked) {
      case FP32 -> new PrecisionProof(Precision.FP32, Double.NaN, "fp32: as asked for");
      case BF16 -> new PrecisionProof(Precision.BF16, Double.NaN, "bf16: as asked for");
      case AUTO -> proved(train);
    };
  }

  private PrecisionProof proved(ExampleTable train) {
    if (!Processor.hasBrainFloatUnits()) {
      return PrecisionProof.of(backbone.trunk(), new FloatTensor(new float[0], 0));
    }
    try (FeatureStore store = FeatureStore.open(stores, STORE, 2)) {
      RowKey key = key(train);
      float[] known = new float[2];
      if (store.read(key, known)) {
        return PrecisionProof.ofCosine(known[0], known[1] > 0);
      }
      PrecisionProof proof = PrecisionProof.of(backbone.trunk(), someImages(train));
      boolean brainFloats = proof.precision() == Precision.BF16;
      store.write(key, new float[] {(float) proof.cosine(), brainFloats ? 1 : 0});
      store.flush();
      return proof;
    }
  }

  private RowKey key(ExampleTable train) {
    List<String> first = train.contentHashes().subList(0, Math.min(train.size(), 2 * IMAGES));
    String examples = ExampleSource.hash(String.join("|", first).getBytes(StandardCharsets.UTF_8));
    return new RowKey(
        examples,
        backbone.trunk().sha256() + "|" + plain.preprocessing().hash() + "|" + train.decoding());
  }

  private FloatTensor someImages(ExampleTable train) {
    List<float[]> images = new ArrayList<>();
    for (int row = 0; row < train.size() && images.size() < IMAGES; row++) {
      try {
        float[] image = new float[plain.valueCount()];
        plain.write(
            train.examples().get(row),
            train.contentHashes().get(row),
            0,
            train.decoding(),
            image,
            0);
        images.add(image);
      } catch (DataException damaged) {
        // It is named and counted when its features are computed.
      }
    }
    int width = plain.valueCount();
    float[] values = new float[Math.max(1, images.size()) * width];
    for (int i = 0; i < images.size(); i++) {
      System.arraycopy(images.get(i), 0, values, i * width, width);
    }
    return plain.batch(values, Math.max(1, images.size()));
  }
}
