package dev.graft.transfer;

import dev.graft.transfer.LadderRungs.Rung;
import dev.graft.transfer.evidence.LadderFindings;
import dev.graft.transfer.evidence.LadderFindings.Comparison;
import dev.graft.transfer.ladder.PairedComparison;
import dev.graft.transfer.training.FoldPredictions;
import dev.graft.transfer.training.FrozenPrefix;
import dev.graft.transfer.training.Validated;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Chooses the strategy: rungs from the head alone up to all layers, each judged on the same folds,
 * and taken only where the folds prove that it is better than the best one so far.
 *
 * <p>What a rung may cost is bounded by the time budget, which a probe of a few steps is compared
 * with before. Nothing is chosen on the test part.
 */
final class LadderClimb {
  /** With fewer examples not even the largest gain could be proved. */
  private static final int FEWEST_EXAMPLES = 30;

  /** So few examples are trained on for as many steps, whatever their number. */
  private static final Duration SHORTEST_BUDGET = Duration.ofSeconds(40);

  private static final int SMALL_SET = 200;
  private static final Duration BUDGET_PER_EXAMPLE = Duration.ofMillis(250);
  private static final Duration LONGEST_BUDGET = Duration.ofMinutes(30);

  private final RunContext context;
  private final TrainingListener listener;
  private final LadderFold.Folds folds;
  private final FoldPredictions kept;
  private final LadderRungs rungs;
  private final TransferLearning.Checkpointing checkpointing;
  private final long begun;
  private final Duration budget;
  private final List<LadderFindings.Rung> tried = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();

  LadderClimb(
      RunContext context,
      FrozenPrefix trunk,
      int[] groups,
      TransferLearning.Checkpointing checkpointing,
      TrainingListener listener,
      long begunNanos) {
    this.context = context;
    this.listener = listener;
    this.folds = LadderFold.of(context.tables(), context.settings(), groups);
    this.kept = context.predictions(checkpointing);
    this.checkpointing = checkpointing;
    this.rungs = new LadderRungs(context, trunk, folds, kept, listener);
    // What was asked for is for the whole run; the default is for the choice and what follows it.
    this.begun = context.settings().budget().isPresent() ? begunNanos : System.nanoTime();
    this.budget = context.settings().budget().orElseGet(() -> budget(context));
  }

  private static Duration budget(RunContext context) {
    int beyond = Math.max(0, context.tables().train().size() - SMALL_SET);
    Duration fitting = SHORTEST_BUDGET.plus(BUDGET_PER_EXAMPLE.multipliedBy(beyond));
    return fitting.compareTo(LONGEST_BUDGET) > 0 ? LONGEST_BUDGET : fitting;
  }

  /** Whether so many training examples suffice for trying anything but a head. */
  static boolean tries(int examples) {
    return examples >= FEWEST_EXAMPLES;
  }

  /** Whether layers of the backbone are tried at all with these settings. */
  static boolean reachesLayers(TransferSettings settings, int examples) {
    // L-BFGS trains heads alone.
    return tries(examples) && settings.optimizer() != OptimizerChoice.LBFGS;
  }

  /**
   * What was chosen.
   *
   * @param proved how far to train, and the predictions that proved it; empty for heads
   */
  record Choice(
      Strategy strategy,
      HeadArchitecture head,
      Optional<UnfrozenTraining.Proved> proved,
      LadderFindings findings) {}

  Choice climb() {
    int examples = context.tables().train().size();
    if (!tries(examples)) {
      String why =
          "With "
              + examples
              + " training examples no gain over a head alone could be proved; nothing else was"
              + " tried.";
      listener.note(why);
      Strategy.HeadOnly head = new Strategy.HeadOnly();
      return new Choice(
          head,
          context.settings().head(),
          Optional.empty(),
          new LadderFindings(List.of(), List.of(why), head.toString()));
    }
    Rung best = rungs.head();
    double headSeconds = best.seconds();
    tell(best, Optional.empty(), true, String.format(Locale.ROOT, "%s.", figures(best)));
    if (context.settings().head().isLinear()) {
      best = better(best, rungs.layeredHead());
    }
    if (reachesLayers(context.settings(), examples)) {
      if (ContrastiveRung.suits(context)) {
        best = paired(best, headSeconds);
      }
      RungOrder order = RungOrder.of(context.backbone());
      Rung below = best;
      best = tried(order.middle(), best);
      boolean gained = !best.equals(below);
      List<Strategy> rest = new ArrayList<>(order.after(gained));
      while (!rest.isEmpty() && !order.endsWith(best.strategy(), gained)) {
        best = tried(rest.remove(0), best);
      }
      if (!rest.isEmpty()) {
        skipped.add(rungs.leftOut(rest));
      }
    }
    skipped.forEach(listener::note);
    listener.note("Chosen: " + best.name() + ".");
    Optional<UnfrozenTraining.Proved> proved = proved(best);
    kept.warning().ifPresent(listener::note);
    return new Choice(
        best.strategy(),
        best.head(),
        proved,
        new LadderFindings(tried, skipped, best.strategy().toString()));
  }

  private Rung paired(Rung best, double headSeconds) {
    return new ContrastiveRung(context, checkpointing, folds, kept, listener)
        .tried(headSeconds, budget, left(), skipped::add)
        .map(next -> better(best, next))
        .orElse(best);
  }

  private Rung tried(Strategy strategy, Rung best) {
    return rungs
        .unfrozen(strategy, best, budget, left(), skipped::add)
        .map(next -> better(best, next))
        .orElse(best);
  }

  private Optional<UnfrozenTraining.Proved> proved(Rung best) {
    return best.course().map(course -> proved(best, course));
  }

  private UnfrozenTraining.Proved proved(Rung best, LadderRungs.Course course) {
    LadderFold.Folds on = folds.first(best.folds());
    int epochs =
        LastTraining.of(context, kept).epochs(best.strategy(), course.epochs(), budget, left());
    String method = on.methodOfChosen() + LastTraining.described(epochs, course.epochs());
    Validated validated =
        new Validated(on.rows(), on.labels(), course.probabilities(), method, on.all().size());
    return new UnfrozenTraining.Proved(epochs, course.share(), validated, on.table());
  }

  private double left() {
    return budget.toNanos() / 1e9 - (System.nanoTime() - begun) / 1e9;
  }

  private Rung better(Rung best, Rung next) {
    LadderFold.Folds both = folds.first(Math.min(best.folds(), next.folds()));
    int[] labels = both.labels();
    int classes = context.tables().dataset().classes().size();
    float[] lower = Arrays.copyOf(best.probabilities(), labels.length * classes);
    float[] upper = Arrays.copyOf(next.probabilities(), labels.length * classes);
    PairedComparison pair =
        PairedComparison.of(
            labels,
            both.groups(),
            LadderRungs.calibrated(labels, lower),
            LadderRungs.calibrated(labels, upper));
    boolean taken = pair.provesGain();
    String sentence =
        String.format(
            Locale.ROOT,
            "%s, against %s of %s: %d only it tells right, %d only the other; log loss %s by %.3f;"
                + " p = %.2g: %s.",
            figures(next),
            percent(Validated.accuracy(labels, lower, classes)),
            best.name(),
            pair.wins(),
            pair.losses(),
            pair.lossDifference() <= 0 ? "lower" : "higher",
            Math.abs(pair.lossDifference()),
            pair.pValue(),
            taken ? "a proved gain, taken" : "no proved gain, not taken");
    Comparison comparison =
        new Comparison(pair.wins(), pair.losses(), pair.lossDifference(), pair.pValue());
    tell(next, Optional.of(comparison), taken, sentence);
    return taken ? next : best;
  }

  private void tell(Rung rung, Optional<Comparison> against, boolean taken, String sentence) {
    tried.add(
        new LadderFindings.Rung(
            rung.name(),
            rung.accuracy(),
            rung.logLoss(),
            rung.seconds(),
            against,
            taken,
            sentence));
    listener.note(sentence);
  }

  private String figures(Rung rung) {
    String name = Character.toUpperCase(rung.name().charAt(0)) + rung.name().substring(1);
    String where =
        rung.folds() == folds.all().size()
            ? ""
            : ", on the first of " + folds.all().size() + " folds";
    return name + ": " + percent(rung.accuracy()) + " of the held-out examples right" + where;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
