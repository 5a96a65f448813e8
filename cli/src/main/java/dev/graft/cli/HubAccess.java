package dev.graft.cli;

import dev.graft.zoo.hub.HubSettings;
import dev.graft.zoo.hub.ModelCard;
import dev.graft.zoo.hub.ModelPull;
import dev.graft.zoo.hub.ModelReference;
import dev.graft.zoo.hub.PulledModel;
import java.nio.file.Path;
import java.util.Optional;

/** Pulls models from a hub for a command, with progress on standard error. */
final class HubAccess {
  private final Console console;
  private final Optional<Progress> shared;
  private final Runnable betweenSteps;

  private HubAccess(Console console, Optional<Progress> shared, Runnable betweenSteps) {
    this.console = console;
    this.shared = shared;
    this.betweenSteps = betweenSteps;
  }

  /** For a command that shows no progress of its own. */
  static HubAccess of(Console console) {
    return new HubAccess(console, Optional.empty(), () -> {});
  }

  /** For a command that shows its progress, and says itself what an interruption means. */
  static HubAccess within(Console console, Progress progress, Interruption interruption) {
    return new HubAccess(console, Optional.of(progress), interruption::pass);
  }

  /** What the environment says of the hub. */
  HubSettings settings() {
    return HubSettings.of(
        console.environment(), Path.of(System.getProperty("user.home", ".")).toAbsolutePath());
  }

  /** Fetches a model; where the process is told to end, what came is kept. */
  PulledModel pull(HubSettings settings, ModelReference model, Optional<String> file) {
    if (shared.isPresent()) {
      return pull(settings, model, file, shared.get(), betweenSteps);
    }
    try (Progress progress = Progress.on(console);
        Interruption interruption =
            Interruption.announce(console, progress, () -> interrupted(model))) {
      PulledModel pulled = pull(settings, model, file, progress, interruption::pass);
      interruption.pass();
      return pulled;
    }
  }

  private static PulledModel pull(
      HubSettings settings,
      ModelReference model,
      Optional<String> file,
      Progress progress,
      Runnable betweenSteps) {
    PullProgressLine line = new PullProgressLine(progress, model, betweenSteps);
    return new ModelPull(settings, line).pull(model, file);
  }

  private static String interrupted(ModelReference model) {
    return "what came of "
        + model
        + " so far is kept. The same command goes on from there, and so does: graft pull "
        + model;
  }

  /** A model as a backbone: from the cache, or pulled, with its licence shown before it is used. */
  PulledModel present(ModelReference model) {
    HubSettings settings = settings();
    Optional<PulledModel> there = ModelPull.cached(settings, model);
    if (there.isPresent()) {
      return there.get();
    }
    PulledModel pulled = pull(settings, model, Optional.empty());
    note(Wording.name(terms(pulled)));
    return pulled;
  }

  private static String terms(PulledModel pulled) {
    Optional<ModelCard> card = ModelCard.in(pulled.folder());
    String licence =
        card.flatMap(ModelCard::licence).map(name -> "licence " + name).orElse("no licence stated");
    return "Pulled "
        + pulled.reference()
        + ": "
        + licence
        + (card.isPresent() ? "; its model card: " + pulled.folder().resolve("README.md") : "");
  }

  private void note(String sentence) {
    if (shared.isPresent()) {
      shared.get().note(sentence);
    } else {
      console.error().println(sentence);
    }
  }
}
