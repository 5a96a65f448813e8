package dev.graft.transfer.comparison;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.data.Example;
import dev.graft.data.LeftOut;
import dev.graft.data.Part;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.evidence.ExamplePredictions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Compares trained models of the same classes, each with the first. Stateless, thread-safe; what it
 * measures of speed is true only where nothing else runs.
 */
public final class ModelComparison {
  private static final int FEW_EXAMPLES = 30;
  private static final int CLASSES_NAMED = 10;

  private ModelComparison() {}

  /**
   * Compares models by the predictions for their test parts that training left in them, on the
   * examples that all of them have.
   *
   * @param bundles the models' folders, at least 2
   * @throws dev.graft.runtime.BundleException if one is no folder that training wrote
   * @throws TransferException if they do not take the same or do not know the same classes, or a
   *     file is damaged
   */
  public static Comparison of(List<Path> bundles, TrainingListener listener) {
    try (Loaded loaded = Loaded.of(bundles, listener)) {
      List<String> without = new ArrayList<>();
      List<ExamplePredictions> stored = new ArrayList<>();
      for (ComparedModel model : loaded.models) {
        model.stored().ifPresentOrElse(stored::add, () -> without.add(name(model)));
      }
      if (!without.isEmpty()) {
        return loaded.compare(
            Optional.empty(),
            "no predictions for test examples are kept in "
                + String.join(" and ", without)
                + ". Give labelled "
                + loaded.kind().many()
                + " that none was trained on, with --data.",
            List.of(),
            listener);
      }
      CommonExamples common = CommonExamples.of(stored);
      return common.count() == 0
          ? loaded.compare(
              Optional.empty(),
              "their test parts have no example in common. Give labelled "
                  + loaded.kind().many()
                  + " that none was trained on, with --data.",
              List.of(),
              listener)
          : loaded.compare(Optional.of(common), kept(common, stored), List.of(), listener);
    }
  }

  private static String kept(CommonExamples common, List<ExamplePredictions> stored) {
    boolean whole = stored.stream().allMatch(one -> one.rows().size() == common.count());
    return whole
        ? "the test part that all were tested on"
        : "what their test parts of "
            + String.join(
                " and ", stored.stream().map(one -> String.valueOf(one.rows().size())).toList())
            + " examples have in common";
  }

  /**
   * Compares models by what they predict for labelled data: for their test part, or where they have
   * none, for all of them.
   *
   * @param bundles the models' folders, at least 2
   * @param dataset none of whose examples a model was trained on
   * @throws DataException if it is of another kind, a class is unknown to the models, or no example
   *     can be read
   * @throws TransferException as {@link #of(List, TrainingListener)}
   */
  public static Comparison of(List<Path> bundles, Dataset dataset, TrainingListener listener) {
    try (Loaded loaded = Loaded.of(bundles, listener)) {
      List<Example> examples = loaded.examples(dataset);
      List<Example> readable = new ArrayList<>();
      List<String> hashes = new ArrayList<>();
      Set<LeftOut> leftOut = new TreeSet<>(Comparator.comparing(LeftOut::path));
      leftOut.addAll(dataset.leftOut());
      for (Example example : examples) {
        try {
          hashes.add(example.source().contentHash());
          readable.add(example);
        } catch (DataException unreadable) {
          leftOut.add(new LeftOut(example.id(), String.valueOf(unreadable.getMessage())));
        }
      }
      if (readable.isEmpty()) {
        throw new DataException(
            "Comparing: none of the "
                + examples.size()
                + " examples can be read. Give labelled "
                + loaded.kind().many()
                + ".");
      }
      List<ExamplePredictions> predictions = new ArrayList<>();
      for (ComparedModel model : loaded.models) {
        Predicting done =
            Predicting.of(model, readable, hashes, "Predicting with " + name(model), listener);
        predictions.add(done.predictions());
        leftOut.addAll(done.leftOut());
      }
      return loaded.compare(
          Optional.of(CommonExamples.of(predictions)),
          "the given data",
          List.copyOf(leftOut),
          listener);
    }
  }

  private static String name(ComparedModel model) {
    Path absolute = model.folder().toAbsolutePath().normalize();
    return absolute.getFileName() == null ? absolute.toString() : absolute.getFileName().toString();
  }

  /** The models, which must be closed. */
  private static final class Loaded implements AutoCloseable {
    private final List<ComparedModel> models = new ArrayList<>();

    static Loaded of(List<Path> bundles, TrainingListener listener) {
      if (bundles.size() < 2) {
        throw new TransferException(
            TransferException.Cause.SETTINGS,
            "Comparing: at least 2 trained models are expected, found " + bundles.size() + ".");
      }
      Loaded loaded = new Loaded();
      try {
        for (Path bundle : bundles) {
          listener.phase("Loading " + bundle);
          loaded.models.add(ComparedModel.load(bundle));
        }
        loaded.requireSameKind();
        loaded.requireSameClasses();
        return loaded;
      } catch (RuntimeException failure) {
        loaded.close();
        throw failure;
      }
    }

    /** What the models take. */
    DatasetKind kind() {
      return models.get(0).kind();
    }

    private void requireSameKind() {
      for (ComparedModel other : models) {
        if (other.kind() != kind()) {
          throw new TransferException(
              TransferException.Cause.MODEL,
              "Comparing "
                  + models.get(0).folder()
                  + " with "
                  + other.folder()
                  + ": models that take the same are expected, but the first takes "
                  + kind().many()
                  + " and the other "
                  + other.kind().many()
                  + ". Compare models that were trained for the same task.");
        }
      }
    }

    private void requireSameClasses() {
      ComparedModel first = models.get(0);
      for (ComparedModel other : models) {
        Set<String> onlyFirst = new TreeSet<>(first.labels());
        Set<String> onlyOther = new TreeSet<>(other.labels());
        other.labels().forEach(onlyFirst::remove);
        first.labels().forEach(onlyOther::remove);
        if (!onlyFirst.isEmpty() || !onlyOther.isEmpty()) {
          throw new TransferException(
              TransferException.Cause.MODEL,
              "Comparing "
                  + first.folder()
                  + " with "
                  + other.folder()
                  + ": models of the same classes are expected, but "
                  + only(first, onlyFirst)
                  + " and "
                  + only(other, onlyOther)
                  + ". Their accuracies are those of different tasks; compare models that were"
                  + " trained for the same one.");
        }
      }
    }

    private static String only(ComparedModel model, Set<String> labels) {
      return "only "
          + name(model)
          + " knows "
          + (labels.isEmpty()
              ? "nothing more"
              : String.join(", ", labels.stream().limit(CLASSES_NAMED).toList())
                  + (labels.size() > CLASSES_NAMED
                      ? " and " + (labels.size() - CLASSES_NAMED) + " more"
                      : ""));
    }

    List<Example> examples(Dataset dataset) {
      if (dataset.kind() != kind()) {
        throw new DataException(
            "Comparing on "
                + dataset.name()
                + ": the models take "
                + kind().many()
                + ", but these are "
                + dataset.kind().many()
                + ". Give data of the models' kind.");
      }
      List<Example> examples = new ArrayList<>(dataset.part(Part.TEST));
      if (examples.isEmpty()) {
        dataset.parts().values().forEach(examples::addAll);
      }
      if (examples.isEmpty()) {
        throw new DataException(
            "Comparing on "
                + dataset.name()
                + ": there are no examples. Give labelled "
                + kind().many()
                + ".");
      }
      requireKnown(examples);
      return examples;
    }

    private void requireKnown(List<Example> examples) {
      Set<String> unknown = new TreeSet<>();
      examples.forEach(example -> unknown.add(example.label()));
      models.get(0).labels().forEach(unknown::remove);
      if (!unknown.isEmpty()) {
        throw new DataException(
            "Comparing: the models do not know "
                + String.join(", ", unknown.stream().limit(CLASSES_NAMED).toList())
                + "; they know "
                + String.join(", ", models.get(0).labels().stream().limit(CLASSES_NAMED).toList())
                + ". Give data of their classes.");
      }
    }

    Comparison compare(
        Optional<CommonExamples> common,
        String source,
        List<LeftOut> leftOut,
        TrainingListener listener) {
      listener.phase("Measuring the speed");
      List<OptionalDouble> milliseconds = Speed.of(models);
      List<ModelFigures> figures = new ArrayList<>();
      List<String> names = names();
      for (int i = 0; i < models.size(); i++) {
        ComparedModel model = models.get(i);
        int number = i;
        figures.add(
            new ModelFigures(
                names.get(i),
                common
                    .filter(examples -> examples.count() > 0)
                    .map(examples -> examples.predictions().get(number).evaluation(model.labels())),
                StatedFigures.read(model.metrics().path("test")),
                milliseconds.get(i),
                bytes(model.predictor().bundle().modelFile())));
      }
      return new Comparison(
          kind(),
          figures,
          common.map(CommonExamples::count).orElse(0),
          source,
          common.map(PairedResults::of).orElse(List.of()),
          Differences.of(models.stream().map(ComparedModel::provenance).toList()),
          notes(common),
          leftOut);
    }

    private static List<String> notes(Optional<CommonExamples> common) {
      List<String> notes = new ArrayList<>();
      common
          .filter(examples -> examples.relabelled() > 0)
          .ifPresent(
              examples ->
                  notes.add(
                      (examples.relabelled() == 1
                              ? "1 example has not the same class in all test parts and was"
                              : examples.relabelled()
                                  + " examples have not the same class in all test parts and were")
                          + " left away."));
      common
          .filter(examples -> examples.count() < FEW_EXAMPLES)
          .ifPresent(
              examples ->
                  notes.add(
                      "With "
                          + examples.count()
                          + (examples.count() == 1 ? " example" : " examples")
                          + ", only very large differences can be shown."));
      return notes;
    }

    /** Names of folders, or whole paths where two are the same. */
    private List<String> names() {
      List<String> names = models.stream().map(ModelComparison::name).toList();
      return new HashSet<>(names).size() == names.size()
          ? names
          : IntStream.range(0, names.size())
              .mapToObj(i -> (i + 1) + ": " + models.get(i).folder())
              .toList();
    }

    private static long bytes(Path file) {
      try {
        return Files.size(file);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public void close() {
      models.forEach(ComparedModel::close);
    }
  }
}
