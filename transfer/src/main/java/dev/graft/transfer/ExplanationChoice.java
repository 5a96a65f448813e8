package dev.graft.transfer;

import dev.graft.data.DataException;
import dev.graft.data.DatasetKind;
import dev.graft.data.text.PlainText;
import dev.graft.transfer.JudgedExamples.Judged;
import dev.graft.transfer.explanation.ChosenText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which texts a report explains: the surest mistakes, and between them some that are surely right,
 * each of another class.
 */
final class ExplanationChoice {
  private static final int MISTAKES = 8;
  private static final int RIGHT = 4;

  /** A right one comes after so many mistakes, since a large model may explain the first alone. */
  private static final int MISTAKES_BEFORE_RIGHT = MISTAKES / RIGHT;

  private ExplanationChoice() {}

  /** The most important first; none where the examples are no texts. */
  static List<ChosenText> of(RunContext context, TrainingOutcome outcome) {
    if (context.tables().dataset().kind() != DatasetKind.TEXT) {
      return List.of();
    }
    JudgedExamples judged = JudgedExamples.of(context, outcome);
    List<ChosenText> wrong = new ArrayList<>();
    List<ChosenText> right = new ArrayList<>();
    Set<String> shown = new HashSet<>();
    for (Judged one : judged.all()) {
      if (!one.isRight() && wrong.size() < MISTAKES) {
        chosen(one, judged.part()).ifPresent(wrong::add);
      } else if (one.isRight() && right.size() < RIGHT && shown.add(one.predicted())) {
        chosen(one, judged.part()).ifPresent(right::add);
      }
    }
    return interleaved(wrong, right);
  }

  private static List<ChosenText> interleaved(List<ChosenText> wrong, List<ChosenText> right) {
    List<ChosenText> all = new ArrayList<>();
    int rights = 0;
    for (int i = 0; i < wrong.size(); i++) {
      all.add(wrong.get(i));
      if (i % MISTAKES_BEFORE_RIGHT == MISTAKES_BEFORE_RIGHT - 1 && rights < right.size()) {
        all.add(right.get(rights++));
      }
    }
    all.addAll(right.subList(rights, right.size()));
    return all;
  }

  /** What can no longer be read is left out. */
  private static Optional<ChosenText> chosen(Judged one, String part) {
    try {
      return Optional.of(
          new ChosenText(
              one.example().id(),
              one.example().label(),
              part,
              one.predicted(),
              PlainText.of(one.example().source())));
    } catch (DataException gone) {
      return Optional.empty();
    }
  }
}
