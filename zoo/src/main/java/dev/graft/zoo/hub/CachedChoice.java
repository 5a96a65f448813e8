package dev.graft.zoo.hub;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Finds models that can be used without asking the hub.
 *
 * @param offline whether an ONNX file that is there whole is enough; else nothing may be missing
 */
record CachedChoice(HubCache cache, boolean offline) {
  Optional<PulledModel> find(ModelReference model, Optional<String> askedFile) {
    Optional<String> commit = cache.commitOf(model);
    if (commit.isEmpty()) {
      return Optional.empty();
    }
    Snapshot snapshot = new Snapshot(cache, model.id(), commit.get());
    try {
      List<HubFileName> names = snapshot.names();
      if (names.stream().noneMatch(name -> name.text().endsWith(".onnx"))) {
        return Optional.empty();
      }
      FileChoice choice = FileChoice.of(names, askedFile, "Reading the cached " + model);
      boolean usable =
          offline ? snapshot.holdsWeights(choice.model()) : snapshot.isComplete(choice);
      return usable ? Optional.of(snapshot.model(model, choice)) : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
