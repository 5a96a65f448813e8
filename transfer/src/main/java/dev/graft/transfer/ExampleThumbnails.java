package dev.graft.transfer;

import dev.graft.data.DataException;
import dev.graft.data.Example;
import dev.graft.data.image.ImageDecoder;
import dev.graft.data.image.Miniature;
import dev.graft.engine.CoreWorkers;
import dev.graft.transfer.evidence.DataFindings;
import dev.graft.transfer.evidence.Findings;
import dev.graft.transfer.evidence.ShownExamples;
import dev.graft.transfer.training.ExampleTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;

/**
 * Small pictures of the examples that the findings name, and sound of recordings, for the report.
 */
final class ExampleThumbnails {
  /** Pixels of the longer side. */
  static final int SIDE = 96;

  // At most 60 in all: at about 4 kB each the report stays far below 1 MB. Its tables tell the
  // rest.
  private static final int MISTAKES = 12;
  private static final int SUSPECTS = 16;
  private static final int GROUPS = 8;
  private static final int MEMBERS_OF_A_GROUP = 3;
  private static final int OUTLIERS = 8;

  /** Even where pictures shrink badly. */
  private static final int MOST_BYTES = 600_000;

  private ExampleThumbnails() {}

  /**
   * The findings with pictures of the most striking examples of each kind. An example that can no
   * longer be read has none.
   */
  static Findings added(Findings findings, ExampleTables tables) {
    List<Example> examples = examples(wanted(findings), tables);
    if (examples.isEmpty()) {
      return findings;
    }
    return switch (tables.dataset().kind()) {
      case IMAGE -> findings.with(ShownExamples.ofPictures(pictures(examples)));
      case AUDIO -> ExampleExcerpts.added(findings, examples);
      case TEXT -> findings.with(ShownExamples.ofQuotations(Quotations.of(examples)));
    };
  }

  private static Map<String, byte[]> pictures(List<Example> examples) {
    Map<String, byte[]> pictures = new LinkedHashMap<>();
    int bytes = 0;
    try (CoreWorkers cores = CoreWorkers.open()) {
      ImageDecoder decoder = new ImageDecoder();
      List<Future<Optional<byte[]>>> made = new ArrayList<>();
      for (Example example : examples) {
        made.add(cores.submit(() -> picture(example, decoder)));
      }
      for (int i = 0; i < made.size(); i++) {
        Optional<byte[]> picture = CoreWorkers.result(made.get(i));
        if (picture.isPresent() && bytes + picture.get().length <= MOST_BYTES) {
          bytes += picture.get().length;
          pictures.put(examples.get(i).id(), picture.get());
        }
      }
    }
    return pictures;
  }

  private static Optional<byte[]> picture(Example example, ImageDecoder decoder) {
    try {
      byte[] file = example.source().read();
      return Optional.of(
          Miniature.jpeg(decoder.decodeReduced(file, example.source().name(), SIDE), SIDE));
    } catch (DataException gone) {
      return Optional.empty();
    }
  }

  private static Set<String> wanted(Findings findings) {
    Set<String> wanted = new LinkedHashSet<>();
    findings.mistakes().stream().limit(MISTAKES).map(Findings.Mistake::id).forEach(wanted::add);
    findings
        .data()
        .ifPresent(
            data -> {
              data.suspectLabels().stream()
                  .limit(SUSPECTS)
                  .map(DataFindings.SuspectLabel::id)
                  .forEach(wanted::add);
              data.duplicates().stream()
                  .limit(GROUPS)
                  .flatMap(group -> group.members().stream().limit(MEMBERS_OF_A_GROUP))
                  .map(DataFindings.Member::id)
                  .forEach(wanted::add);
              data.outliers().stream()
                  .limit(OUTLIERS)
                  .map(DataFindings.Outlier::id)
                  .forEach(wanted::add);
            });
    return wanted;
  }

  private static List<Example> examples(Set<String> wanted, ExampleTables tables) {
    Map<String, Example> found = new HashMap<>();
    for (ExampleTable table : List.of(tables.train(), tables.validation(), tables.test())) {
      for (Example example : table.examples()) {
        if (wanted.contains(example.id())) {
          found.putIfAbsent(example.id(), example);
        }
      }
    }
    return wanted.stream().filter(found::containsKey).map(found::get).toList();
  }
}
