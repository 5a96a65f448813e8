package dev.graft.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.engine.EngineException;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.onnx.OnnxModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** How long the texts may be that a network takes: it knows only the places that it has learned. */
final class LearnedLength {
  private static final int SHORTEST = 2;

  /** Where sentence-transformers keeps it. */
  private static final String SENTENCES = "sentence_bert_config.json";

  /** RoBERTa and its relatives begin to count places behind their padding. */
  private static final int ROBERTA_OFFSET = 2;

  private final OnnxModel model;
  private final Path file;
  private final List<Path> folders;

  /**
   * For a network that takes tokens alone.
   *
   * @param folders what describes it
   */
  LearnedLength(OnnxModel model, Path file, List<Path> folders) {
    this.model = model;
    this.file = file;
    this.folders = folders;
  }

  /**
   * The longest text up to a length: as its descriptions say, else as long as the network runs.
   *
   * @throws TransferException where it runs with no length at all
   */
  int upTo(int wanted) {
    OptionalInt described = described();
    return described.isPresent() ? Math.min(wanted, described.getAsInt()) : triedOut(wanted);
  }

  private OptionalInt described() {
    OptionalInt least = OptionalInt.empty();
    for (Path folder : folders) {
      Optional<JsonNode> config = BackboneFolder.json(folder.resolve("config.json"));
      int places = config.map(json -> json.path("max_position_embeddings").asInt(0)).orElse(0);
      String type = config.map(json -> json.path("model_type").asText("")).orElse("");
      int sentences =
          BackboneFolder.json(folder.resolve(SENTENCES))
              .map(json -> json.path("max_seq_length").asInt(0))
              .orElse(0);
      for (int one :
          new int[] {places - (type.contains("roberta") ? ROBERTA_OFFSET : 0), sentences}) {
        if (one >= SHORTEST) {
          least = OptionalInt.of(Math.min(one, least.orElse(one)));
        }
      }
    }
    return least;
  }

  private int triedOut(int wanted) {
    try (Network network = Network.load(model, Precision.FP32)) {
      if (failure(network, wanted).isEmpty()) {
        return wanted;
      }
      Optional<EngineException> never = failure(network, SHORTEST);
      if (never.isPresent()) {
        throw new TransferException(
            TransferException.Cause.MODEL,
            "Loading the backbone " + file + ": it cannot be run. " + never.get().getMessage(),
            never.get());
      }
      int runs = SHORTEST;
      int fails = wanted;
      while (fails - runs > 1) {
        int middle = (runs + fails) >>> 1;
        if (failure(network, middle).isEmpty()) {
          runs = middle;
        } else {
          fails = middle;
        }
      }
      return runs;
    }
  }

  /** Why a text of so many tokens cannot be computed, if it cannot. */
  private static Optional<EngineException> failure(Network network, int tokens) {
    try {
      network.run(new FloatTensor(new float[tokens], 1, tokens));
      return Optional.empty();
    } catch (EngineException tooLong) {
      return Optional.of(tooLong);
    }
  }
}
