package dev.graft.transfer.comparison;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.DatasetKind;
import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.Predictor;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.evidence.ExamplePredictions;
import dev.graft.transfer.evidence.PredictionsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One of the models, loaded.
 *
 * @param predictor its model
 * @param metrics content of its metrics.json; without anything where that is missing
 * @param provenance content of its provenance.json; without anything where that is missing
 * @param stored its predictions.csv; empty where that is missing
 */
record ComparedModel(
    Predictor predictor,
    ObjectNode metrics,
    ObjectNode provenance,
    Optional<ExamplePredictions> stored)
    implements AutoCloseable {
  private static final long LARGEST_JSON_BYTES = 64L << 20;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  static ComparedModel load(Path folder) {
    Predictor predictor = Predictor.load(folder);
    try {
      ObjectNode provenance = json(folder.resolve(BundleLayout.PROVENANCE));
      provenance.put("temperature", predictor.bundle().config().temperature());
      Path predictions = folder.resolve(BundleLayout.PREDICTIONS);
      return new ComparedModel(
          predictor,
          json(folder.resolve(BundleLayout.METRICS)),
          provenance,
          Files.exists(predictions)
              ? Optional.of(
                  PredictionsFile.read(
                      predictions, Set.copyOf(predictor.bundle().config().labels())))
              : Optional.empty());
    } catch (RuntimeException failure) {
      predictor.close();
      throw failure;
    }
  }

  private static ObjectNode json(Path file) {
    if (!Files.exists(file)) {
      return MAPPER.createObjectNode();
    }
    String problem = "it is no JSON object";
    try {
      long size = Files.size(file);
      if (size > LARGEST_JSON_BYTES) {
        problem = "it has " + size + " bytes, the limit is " + LARGEST_JSON_BYTES;
      } else if (MAPPER.readTree(Files.readAllBytes(file)) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException damaged) {
      problem = "it is no valid JSON";
    } catch (IOException unreadable) {
      problem = "it cannot be read: " + unreadable;
    }
    throw new TransferException(
        TransferException.Cause.MODEL,
        "Comparing: "
            + file
            + " is not usable, "
            + problem
            + ". Restore the file that graft train wrote.");
  }

  Path folder() {
    return predictor.bundle().folder();
  }

  /** What it takes. */
  DatasetKind kind() {
    return predictor.bundle().config().modality().kind();
  }

  List<String> labels() {
    return predictor.bundle().config().labels();
  }

  @Override
  public void close() {
    predictor.close();
  }
}
