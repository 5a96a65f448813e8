package dev.graft.transfer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictions that later runs find. */
final class FoldPredictionsTest {
  private static final float[] VALUES = {0.25f, 0.75f};

  @TempDir Path folder = Path.of(".");

  @Test
  void inCache_sameFingerprint_findsWhatWasKept() {
    FoldPredictions.inCache(folder, "ab").keep("fold 0", VALUES);

    assertThat(FoldPredictions.inCache(folder, "ab").of("fold 0")).hasValue(VALUES);
    assertThat(FoldPredictions.inCache(folder, "cd").of("fold 0")).isEmpty();
  }

  @Test
  void keep_cacheCannotBeWritten_goesOnInMemoryAndWarns() throws IOException {
    Files.writeString(folder.resolve("folds"), "in the way");
    FoldPredictions predictions = FoldPredictions.inCache(folder, "ab");

    predictions.keep("fold 0", VALUES);

    assertThat(predictions.of("fold 0")).hasValue(VALUES);
    assertThat(predictions.warning().orElseThrow()).contains("cannot be kept", "the run goes on");
  }

  /** Whoever asked for checkpoints must know that there are none. */
  @Test
  void keep_besideCheckpointsThatCannotBeWritten_isRefused() throws IOException {
    Path inTheWay = Files.writeString(folder.resolve("checkpoints"), "in the way");
    FoldPredictions predictions =
        FoldPredictions.ofRun(Optional.of(inTheWay.resolve("inside")), false, "ab");

    assertThatThrownBy(() -> predictions.keep("fold 0", VALUES))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("repeat with --resume");
  }
}
